// The one script inside of a letter's frame. It runs under a nonce in an opaque origin, reaches nothing,
// and tells its parent plain values: height, pressed keys, links, whether text is selected. The parent
// (frame-message.ts) believes none of them unchecked.
(() => {
  "use strict";
  const tell = (message) => parent.postMessage({ tabella: 1, ...message }, "*");
  const root = document.documentElement;
  let told = -1;
  // A letter sized by its own window would grow for ever.
  let left = 60;
  // A letter wider than the pane is made smaller, but stays readable; beyond that it scrolls.
  const fit = () => {
    const { body } = document;
    body.style.zoom = "";
    const wide = root.scrollWidth;
    if (wide > innerWidth + 1) body.style.zoom = String(Math.max(0.6, innerWidth / wide));
  };
  const measure = () => {
    let height = Math.ceil(root.getBoundingClientRect().height);
    if (root.scrollHeight > innerHeight + 1) height = Math.max(height, root.scrollHeight);
    if (height === told || left <= 0) return;
    left -= 1;
    told = height;
    tell({ kind: "height", height });
  };
  const begin = () => {
    fit();
    measure();
    tell({ kind: "shown" });
    new ResizeObserver(measure).observe(document.body);
  };
  const linkOf = (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href],area[href]") : null;
    return link ? { href: String(link.getAttribute("href")), text: (link.textContent || link.getAttribute("alt") || "").trim().slice(0, 500) } : null;
  };
  const follow = (event) => {
    const link = linkOf(event);
    if (!link) return;
    event.preventDefault();
    if (event.button < 2) tell({ kind: "link", ...link });
  };
  addEventListener("click", follow, true);
  addEventListener("auxclick", follow, true);
  addEventListener("mouseover", (event) => tell({ kind: "hover", href: linkOf(event)?.href ?? "" }));
  addEventListener("mouseout", (event) => event.relatedTarget === null && tell({ kind: "hover", href: "" }));
  addEventListener("dragstart", (event) => event.preventDefault());
  addEventListener("pointerdown", () => tell({ kind: "focus" }));
  addEventListener("toggle", () => { left = 60; measure(); }, true);
  addEventListener("load", measure, true);
  addEventListener("resize", () => { left = Math.max(left, 8); fit(); measure(); });
  document.addEventListener("selectionchange", () => tell({ kind: "selection", active: !getSelection().isCollapsed }));
  addEventListener("keydown", (event) => {
    const { key, code, ctrlKey, metaKey, altKey, shiftKey } = event;
    const mod = ctrlKey || metaKey;
    // Copying and selecting all stay here; a link or fold that has the focus takes Enter and Space.
    if (mod && !altKey && (code === "KeyC" || code === "KeyA")) return;
    if ((key === "Enter" || key === " ") && event.target !== document.body) return;
    if (key === "Tab") return;
    if (mod || key.length === 1 || /^(Escape|Enter|F\d+|Delete|Arrow|Page|Home|End)/.test(key)) event.preventDefault();
    tell({ kind: "key", key, code, ctrlKey, metaKey, altKey, shiftKey });
  });
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin);
  else begin();
})();
