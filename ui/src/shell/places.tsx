// Which path shows what. A feature adds its place here and nowhere else.
import { lazy, Suspense } from "react";
import { MailPlace } from "../features/mailbox/place";
import { Boundary } from "./boundary";
import { usePath } from "./navigate";
import { Opened } from "./opened";
import { placeOf } from "./rail";

const BasePlace = lazy(() => import("../features/base/place"));
const OutboxPlace = lazy(() => import("../features/submission/place"));
const SettingsPlace = lazy(() => import("../features/setting/place"));

export function Places() {
  const path = usePath();
  const place = placeOf(path);
  return (
    <Boundary place={place}>
      <Opened />
      <Suspense fallback={null}>
        {place === "mail" && <MailPlace />}
        {place === "bases" && <BasePlace />}
        {place === "outbox" && <OutboxPlace />}
        {place === "settings" && <SettingsPlace />}
      </Suspense>
    </Boundary>
  );
}
