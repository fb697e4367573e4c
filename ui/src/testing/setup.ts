import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

afterEach(cleanup);

// A loaded machine takes its time; what is awaited comes all the same.
configure({ asyncUtilTimeout: 20_000 });
