// Going places, inside of components and outside.
import { useHashLocation, navigate } from "wouter/use-hash-location";

/** Goes to a path made by paths.ts. */
export function go(path: string, options: { replace?: boolean } = {}): void {
  navigate(path, options);
}

/** The present path. */
export function usePath(): string {
  return useHashLocation()[0];
}
