// A list of any length: only the rows in view are in the document.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Summary } from "./api";
import { follow } from "./route";
import { bounded, code, counted, country, direction, shortMoment, t, visible } from "./words";

/** Height of a row in pixels, as the style sheet has it. */
const ROW = 68;
/** Rows beyond the edges. */
const MORE = 8;

export function IncidentList({ items, matched }: { items: Summary[]; matched: number }) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  useEffect(() => {
    const look = () => box.current && setView({ top: box.current.scrollTop, height: box.current.clientHeight });
    look();
    const watch = new ResizeObserver(look);
    watch.observe(box.current!);
    return () => watch.disconnect();
  }, []);
  const first = Math.max(0, Math.floor(view.top / ROW) - MORE);
  const last = Math.min(items.length, Math.ceil((view.top + view.height) / ROW) + MORE);
  return (
    <div ref={box} class="list" tabIndex={0} role="region" aria-label={t("incidents")}
      onScroll={(e) => setView({ top: e.currentTarget.scrollTop, height: e.currentTarget.clientHeight })} onKeyDown={move}>
      {matched === 0 && <p class="quiet empty">{t("none")}</p>}
      <ol role="list" style={{ height: `${matched * ROW}px` }}>
        {items.slice(first, last).map((item, index) => (
          <Row key={item.incident_id} item={item} at={first + index} of={matched} />
        ))}
      </ol>
    </div>
  );
}

function Row({ item, at, of }: { item: Summary; at: number; of: number }) {
  const toll = [item.killed && `${t("killed")} ${bounded(item.killed)}`, item.injured && `${t("injured")} ${bounded(item.injured)}`];
  return (
    <li aria-setsize={of} aria-posinset={at + 1} style={{ transform: `translateY(${at * ROW}px)` }}>
      <a href={`/incidents/${encodeURIComponent(item.incident_id)}`} onClick={follow} class={`row sev-${item.severity} ${item.operator.acknowledged_by ? "seen" : ""}`}>
        <span class="line">
          <span class="sev">{code(item.severity)}</span>
          <span class="title" lang={item.language} dir={direction(item.language)}>{visible(item.title) || item.incident_id}</span>
          <time dateTime={item.last_report_at}>{shortMoment(item.last_report_at)}</time>
        </span>
        <span class="line meta">
          <span class="strong">{code(item.type)}</span>
          <span>{item.country ? country(item.country) : t("unknown")}</span>
          <span class={`conf conf-${item.confirmation}`}>{code(item.confirmation)}</span>
          <span>{counted(item.report_count, "reports")} · {counted(item.independent_origins, "origins")}</span>
          {toll.filter(Boolean).map((text) => <span>{text}</span>)}
          {item.conflicts > 0 && <span class="warn">≠ {item.conflicts}</span>}
          {item.operator.muted && <span>{t("muted")}</span>}
          {item.state !== "open" && <span>{code(item.state)}</span>}
        </span>
      </a>
    </li>
  );
}

/** Arrows, j and k go from row to row. */
function move(event: KeyboardEvent) {
  const step = ({ ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 } as Record<string, number>)[event.key];
  if (!step) return;
  const box = event.currentTarget as HTMLElement;
  const rows = [...box.querySelectorAll<HTMLElement>("a.row")];
  const now = rows.indexOf(document.activeElement as HTMLElement);
  const next = rows[now < 0 ? rows.findIndex((row) => row.getBoundingClientRect().bottom > box.getBoundingClientRect().top + ROW / 2) : now + step];
  if (!next) return;
  event.preventDefault();
  next.focus({ preventScroll: false });
}
