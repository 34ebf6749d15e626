// A text with the quotes of an event marked in it. Spans count Unicode code points, as records do.
import type { SecurityEvent, Span } from "./api";
import { type Word, code, direction, t, visible } from "./words";

/** Code points that may be more than fit on a phone: then the text scrolls, and the keyboard has to reach it. */
const LONG = 800;

/** Code points of a text that are shown. */
const MOST = 30_000;

export interface Mark { start: number; end: number; kind: string; label: string }

/** The spans of an event in one field: the passages, and the words of each slot. */
export function marks(event: SecurityEvent, field: Span["field"]): Mark[] {
  const found: Mark[] = [];
  const add = (span: Span | null | undefined, kind: string, word: Word) => {
    if (span && span.field === field) found.push({ start: span.start, end: span.end, kind, label: t(word) });
  };
  for (const passage of event.evidence) add(passage, "evidence", "evidence");
  for (const party of event.actors) add(party.span, "who", "who");
  for (const party of event.targets) add(party.span, "whom", "whom");
  add(event.location.place?.span, "where", "where");
  add(event.location.launch_site?.span, "where", "launch");
  add(event.location.impact?.span, "where", "impact");
  add(event.date?.quote?.span, "when", "when");
  add(event.count?.span, "number", "count");
  add(event.killed?.span, "number", "killed");
  add(event.injured?.span, "number", "injured");
  add(event.weapon?.span, "weapon", "weapon");
  for (const one of event.claimed_by) add(one.span, "said", "claimed");
  for (const one of event.confirmed_by) add(one.span, "said", "confirmed");
  for (const one of event.denied_by) add(one.span, "denied", "denied");
  return found;
}

export function Highlighted({ text, language, found }: { text: string; language: string; found: Mark[] }) {
  const points = Array.from(text);
  const end = Math.min(points.length, MOST);
  const edges = [...new Set([0, end, ...found.flatMap((mark) => [mark.start, mark.end])])]
    .filter((edge) => edge >= 0 && edge <= end)
    .sort((a, b) => a - b);
  return (
    <div class="text" lang={language} dir={direction(language)} {...(end > LONG && { tabIndex: 0, role: "group", "aria-label": t("text") })}>
      {edges.slice(0, -1).map((from, index) => {
        const to = edges[index + 1]!;
        const words = visible(points.slice(from, to).join(""));
        const over = found.filter((mark) => mark.start <= from && mark.end >= to);
        if (over.length === 0) return words;
        // The shortest says most.
        const slot = over.filter((mark) => mark.kind !== "evidence").sort((a, b) => a.end - a.start - (b.end - b.start))[0];
        return <mark class={slot ? `slot ${slot.kind}` : "evidence"} title={slot?.label ?? code("evidence")}>{words}</mark>;
      })}
      {points.length > MOST && "…"}
    </div>
  );
}
