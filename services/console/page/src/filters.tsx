// Filters; all stand in the address.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Count, Coverage } from "./api";
import { type Filter, go, query, setFilter, toggle } from "./route";
import { type Word, code, country, number, t } from "./words";

const SEVERITIES = ["critical", "high", "medium", "low", "info"];
const MOST = 12;

export function Filters({ address, coverage }: { address: URL; coverage: Coverage | null }) {
  const wide = typeof matchMedia === "undefined" || matchMedia("(min-width: 60rem)").matches;
  const [open, setOpen] = useState(wide);
  const value = (name: Filter) => address.searchParams.get(name) ?? "";
  const severities = SEVERITIES.map((s) => coverage?.severities.find((c) => c.code === s) ?? { code: s, count: 0 });
  return (
    <details class="panel filters" open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary><h2>{t("filters")}</h2></summary>
      <Search value={value("text")} />
      <Choices name="severity" word="severity" counts={severities} label={code} chosen={value("severity")} />
      <Choices name="confirmation" word="confirmation" counts={coverage?.confirmations ?? []} label={code} chosen={value("confirmation")} />
      <Choices name="type" word="type" counts={coverage?.types ?? []} label={code} chosen={value("type")} />
      <Choices name="country" word="country" counts={coverage?.countries ?? []} label={country} chosen={value("country")} />
      <Choices name="state" word="state" counts={coverage?.states ?? []} label={code} chosen={value("state")} />
      <div class="dates">
        <Day name="since" word="since" value={value("since")} end="T00:00:00Z" />
        <Day name="until" word="until" value={value("until")} end="T23:59:59Z" />
      </div>
      {query(address) && <button type="button" onClick={() => go("/")}>{t("clear")}</button>}
    </details>
  );
}

function Search({ value }: { value: string }) {
  const input = useRef<HTMLInputElement>(null);
  const wait = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    const jump = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key === "/" && !target.closest("input, select, textarea")) { event.preventDefault(); input.current?.focus(); }
    };
    addEventListener("keydown", jump);
    return () => removeEventListener("keydown", jump);
  }, []);
  return (
    <label class="field">{t("search")}
      <input ref={input} type="search" value={value} dir="auto" aria-keyshortcuts="/"
        onInput={(e) => {
          const text = e.currentTarget.value;
          clearTimeout(wait.current);
          wait.current = setTimeout(() => setFilter("text", text, true), 250);
        }} />
    </label>
  );
}

function Choices({ name, word, counts, label, chosen }: {
  name: Filter; word: Word; counts: Count[]; label: (code: string) => string; chosen: string;
}) {
  const on = chosen.split(",").filter(Boolean);
  const missing = on.filter((text) => !counts.some((count) => count.code === text)).map((text) => ({ code: text, count: 0 }));
  const shown = [...counts.filter((count, index) => index < MOST || on.includes(count.code)), ...missing];
  return (
    <fieldset>
      <legend>{t(word)}</legend>
      <div class="choices">
        {shown.map((count) => (
          <label key={count.code} class={`choice ${name === "severity" ? `sev-${count.code}` : ""}`}>
            <input type="checkbox" name={name} value={count.code} checked={on.includes(count.code)} onChange={() => toggle(name, count.code)} />
            <span class="label">{label(count.code)}</span><span class="quiet num">{number(count.count)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Day({ name, word, value, end }: { name: "since" | "until"; word: Word; value: string; end: string }) {
  return (
    <label class="field">{t(word)}
      <input type="date" value={value.slice(0, 10)} onChange={(e) => setFilter(name, e.currentTarget.value && e.currentTarget.value + end)} />
    </label>
  );
}
