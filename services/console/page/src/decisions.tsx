// What operators decide on an incident, and what was told of it.
import { useRef, useState } from "preact/hooks";
import { type Alert, type Details, decide } from "./api";
import { code, moment, t, visible } from "./words";

const DAY_MS = 86_400_000;

export function Operators({ details, done }: { details: Details; done: () => void }) {
  const [said, setSaid] = useState("");
  const merging = useRef<HTMLDialogElement>(null);
  const splitting = useRef<HTMLDialogElement>(null);
  const noting = useRef<HTMLDialogElement>(null);
  const id = details.summary.incident_id;
  const send = (decision: object) => decide(decision).then(() => { setSaid(t("done")); done(); }, (error) => setSaid(String(error.message)));
  const { acknowledged_by: seen, muted } = details.summary.operator;
  const until = () => new Date(Date.now() + DAY_MS).toISOString();
  return (
    <>
      <button type="button" onClick={() => send({ action: "acknowledge", incident_id: id, undone: seen !== null })}>{seen ? t("unacknowledge") : t("acknowledge")}</button>
      <button type="button" onClick={() => send({ action: "mute", incident_id: id, undone: muted, ...(muted ? {} : { until: until() }) })}>{muted ? t("unmute") : t("mute")}</button>
      <button type="button" onClick={() => merging.current?.showModal()}>{t("merge")}</button>
      {details.incident.reports.length > 1 && <button type="button" onClick={() => splitting.current?.showModal()}>{t("split")}…</button>}
      <button type="button" onClick={() => noting.current?.showModal()}>{t("addNote")}</button>
      <span role="status">{said}</span>
      <dialog ref={noting} aria-label={t("addNote")}>
        <form method="dialog" onSubmit={(e) => {
          const form = e.currentTarget;
          void send({ action: "note", incident_id: id, note: String(new FormData(form).get("note")) }).then(() => form.reset());
        }}>
          <label class="field">{code("note")}<textarea name="note" rows={4} maxLength={2000} required /></label>
          <button class="primary">{t("addNote")}</button> <button type="button" onClick={() => noting.current?.close()}>{t("cancel")}</button>
        </form>
      </dialog>
      <dialog ref={merging} aria-label={t("merge")}>
        <form method="dialog" onSubmit={(e) => {
          const form = new FormData(e.currentTarget);
          void send({ action: "merge", incident_id: id, with: [String(form.get("with")).trim()], note: String(form.get("note")) || null });
        }}>
          <label class="field">{t("mergeAsk")}<input name="with" required /></label>
          <label class="field">{t("noteAsk")}<input name="note" /></label>
          <button class="primary">{t("merge")}</button> <button type="button" onClick={() => merging.current?.close()}>{t("cancel")}</button>
        </form>
      </dialog>
      <dialog ref={splitting} aria-label={t("split")}>
        <form method="dialog" onSubmit={(e) => {
          const form = new FormData(e.currentTarget);
          const events = form.getAll("event").map(String);
          if (events.length > 0) void send({ action: "split", incident_id: id, events, note: String(form.get("note")) || null });
        }}>
          {details.incident.reports.map((report) => (
            <label class="choice"><input type="checkbox" name="event" value={report.event.id} /><span class="label" dir="auto">{visible(report.article.publisher ?? "")}: {visible(report.article.title)}</span></label>
          ))}
          <label class="field">{t("noteAsk")}<input name="note" /></label>
          <button class="primary">{t("split")}</button> <button type="button" onClick={() => splitting.current?.close()}>{t("cancel")}</button>
        </form>
      </dialog>
    </>
  );
}

/** How telling a sink went: a record of its own once it is over. */
function outcome(details: Details, alert: Alert, sink: string, planned: string): string {
  const told = details.alerts.find((other) => other.sink === sink && other.idempotency_key === alert.idempotency_key);
  return told?.deliveries.find((delivery) => delivery.sink === sink)?.outcome ?? planned;
}

export function Decisions({ details }: { details: Details }) {
  const alerts = details.alerts.filter((alert) => alert.sink === undefined);
  return (
    <>
      {alerts.length > 0 && (
        <section class="panel">
          <h2>{t("alerts")}</h2>
          <ul class="plain">{alerts.map((alert) => (
            <li><span class="strong">{visible(alert.route)}</span> {code(alert.state)} · {visible(alert.policy)}
              {alert.deliveries.map((delivery) => <span class="quiet"> {visible(delivery.sink)}: {code(outcome(details, alert, delivery.sink, delivery.outcome))}</span>)}
              <br /><time class="quiet" dateTime={alert.decided_at}>{moment(alert.decided_at)}</time></li>
          ))}</ul>
        </section>
      )}
      {details.decisions.length > 0 && (
        <section class="panel">
          <h2>{t("decisions")}</h2>
          <ol class="plain">{details.decisions.map((decision) => (
            <li class={decision.undone ? "undone" : ""}><span class="strong">{code(decision.action)}</span> · {visible(decision.by)} {decision.note && <q dir="auto">{visible(decision.note)}</q>}
              <br /><time class="quiet" dateTime={decision.at}>{moment(decision.at)}</time></li>
          ))}</ol>
        </section>
      )}
    </>
  );
}
