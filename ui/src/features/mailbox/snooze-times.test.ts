import { expect, test } from "vitest";
import { snoozeChoices } from "./snooze-times";

const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).getTime();
const offered = (now: number) => snoozeChoices(now).map((one) => `${one.id} ${new Date(one.at).getDate()} ${new Date(one.at).getHours()}:${new Date(one.at).getMinutes()}`);

test("on a Monday morning all times are offered, each later than the one before", () => {
  expect(offered(at(23, 9, 5))).toEqual(["today 23 12:15", "tomorrow 24 8:0", "weekend 28 8:0", "week 30 8:0"]);
});

test("in the evening it is too late for later today, and no day is offered twice", () => {
  expect(offered(at(23, 19))).toEqual(["tomorrow 24 8:0", "weekend 28 8:0", "week 30 8:0"]);
  expect(offered(at(23, 23, 50))[0]).toBe("tomorrow 24 8:0");
  expect(offered(at(27, 19))).toEqual(["tomorrow 28 8:0", "week 30 8:0"]);
  expect(offered(at(28, 22))).toEqual(["tomorrow 29 8:0", "week 30 8:0"]);
  expect(offered(at(29, 22))).toEqual(["tomorrow 30 8:0"]);
});
