// Printing one letter: the window prints itself with everything else hidden (print.css).
import "./print.css";

export function printLetter(letter: HTMLElement): void {
  const marked: Element[] = [];
  for (let at: HTMLElement | null = letter; at; at = at.parentElement) {
    at.dataset["printing"] = at === letter ? "letter" : "";
    marked.push(at);
  }
  const done = () => {
    globalThis.removeEventListener("afterprint", done);
    for (const element of marked) delete (element as HTMLElement).dataset["printing"];
  };
  globalThis.addEventListener("afterprint", done);
  globalThis.print();
}

/** Whether a letter is being printed now. */
export function isPrinting(): boolean {
  return document.documentElement.dataset["printing"] !== undefined;
}
