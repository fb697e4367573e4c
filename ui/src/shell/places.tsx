// Which path shows what. A feature adds its place here and nowhere else.
import { lazy, Suspense } from "react";
import { BasePlace } from "../features/base/place";
import { OpenedLetters } from "../features/draft";
import { MailPlace } from "../features/mailbox/place";
import { Boundary } from "./boundary";
import { placeOf } from "./rail";
import { usePath } from "./navigate";

const OutboxPlace = lazy(() => import("../features/submission/place"));
const SettingsPlace = lazy(() => import("../features/setting/place"));

export function Places() {
  const path = usePath();
  const place = placeOf(path);
  return (
    <Boundary place={place}>
      <OpenedLetters />
      <Suspense fallback={null}>
        {place === "mail" && <MailPlace />}
        {place === "bases" && <BasePlace />}
        {place === "outbox" && <OutboxPlace />}
        {place === "settings" && <SettingsPlace />}
      </Suspense>
    </Boundary>
  );
}
