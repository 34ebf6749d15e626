// How the flow of articles is.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type Count, type Flow, type Latency, get } from "./api";
import { type Word, country, duration, languageName, moment, number, shortMoment, t, visible } from "./words";

const AGAIN_MS = 5000;

export function PipelineView() {
  const [flow, setFlow] = useState<Flow | null>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    const stop = new AbortController();
    const load = () => get<Flow>("/flow", stop.signal).then(
      (found) => { setFlow(found); setProblem(""); },
      (error) => stop.signal.aborted || setProblem(String(error.message)),
    );
    void load();
    const timer = setInterval(load, AGAIN_MS);
    return () => { clearInterval(timer); stop.abort(); };
  }, []);
  useEffect(() => { document.title = `${t("pipeline")} · Siaga`; });
  return (
    <div class="pipeline">
      <h1>{t("pipeline")}</h1>
      {problem && <p role="alert" class="problem">{t("failed")}: {problem}</p>}
      {!flow ? <p class="quiet">{t("loading")}…</p> : <Report flow={flow} />}
    </div>
  );
}

function Report({ flow }: { flow: Flow }) {
  return (
    <>
      <dl class="figures panel">
        <div><dt>{t("articles")}</dt><dd>{number(flow.articles)}</dd></div>
        <div><dt>{t("flagged")}</dt><dd>{number(flow.flagged)}</dd></div>
        <div><dt>{t("textsHeld")}</dt><dd>{number(flow.texts_held)}</dd></div>
        <LatencyOf word="publicationToIntake" latency={flow.publication_to_intake} />
        <LatencyOf word="intakeToConsole" latency={flow.intake_to_console} />
      </dl>
      <div class="cards">
        <Card word="rate"><Rates minutes={flow.minutes} /></Card>
        <Card word="topics"><Bars counts={flow.topics} label={(text) => text.replace(/^\d+ /, "")} /></Card>
        <Card word="regions"><Bars counts={flow.regions} label={country} /></Card>
        <Card word="languages"><Bars counts={flow.languages} label={languageName} /></Card>
      </div>
      {flow.stages.length > 0 && <Card word="stages">
        <table>
          <thead><tr><th scope="col">{t("stage")}</th><th scope="col">{t("topic")}</th><th scope="col" class="num">{t("lag")}</th></tr></thead>
          <tbody>{flow.stages.map((stage) => (
            <tr><td>{stage.stage}</td><td><code>{stage.input}</code></td><td class="num">{stage.lag === null ? "–" : number(stage.lag)}</td></tr>
          ))}</tbody>
        </table>
      </Card>}
      <Card word="inputs">
        <table>
          <thead><tr><th scope="col">{t("topic")}</th><th scope="col" class="num">{t("records")}</th><th scope="col" class="num">{t("refused")}</th><th scope="col" class="num">{t("lag")}</th><th scope="col">{t("newest")}</th></tr></thead>
          <tbody>{flow.inputs.map((input) => (
            <tr><td><code>{input.topic}</code></td><td class="num">{number(input.records)}</td><td class={input.refused ? "num warn" : "num"}>{number(input.refused)}</td><td class="num">{number(input.lag)}</td><td>{input.newest && moment(input.newest)}</td></tr>
          ))}</tbody>
        </table>
      </Card>
      <Card word="deadLetters">
        {flow.dead_letters.length === 0 ? <p class="quiet">{t("none")}</p> : (
          <table>
            <thead><tr><th scope="col">{t("topic")}</th><th scope="col">{t("code")}</th><th scope="col">{t("reason")}</th><th scope="col">{t("key")}</th></tr></thead>
            <tbody>{flow.dead_letters.map((letter) => (
              <tr><td><code>{letter.topic}</code></td><td>{visible(letter.code)}</td><td>{visible(letter.reason)}</td><td>{visible(letter.key)}</td></tr>
            ))}</tbody>
          </table>
        )}
      </Card>
    </>
  );
}

function LatencyOf({ word, latency }: { word: Word; latency: Latency | null }) {
  return <div><dt>{t(word)}</dt><dd>{latency ? duration(latency.p50) : "–"} <span class="quiet">{latency && `p90 ${duration(latency.p90)} · p99 ${duration(latency.p99)}`}</span></dd></div>;
}

function Card({ word, children }: { word: Word; children: ComponentChildren }) {
  return <section class="panel scroll" tabIndex={0} aria-label={t(word)}><h2>{t(word)}</h2>{children}</section>;
}

function Bars({ counts, label }: { counts: Count[]; label: (code: string) => string }) {
  const most = Math.max(1, ...counts.map((count) => count.count));
  if (counts.length === 0) return <p class="quiet">{t("none")}</p>;
  return (
    <ul class="bars">{counts.slice(0, 15).map((count) => (
      <li><span class="label">{label(count.code)}</span><meter aria-label={label(count.code)} min={0} max={most} value={count.count} /><span class="num">{number(count.count)}</span></li>
    ))}</ul>
  );
}

function Rates({ minutes }: { minutes: Flow["minutes"] }) {
  if (minutes.length === 0) return <p class="quiet">{t("none")}</p>;
  const [first, last] = [minutes[0]!, minutes[minutes.length - 1]!];
  const from = Date.parse(first.start);
  const steps = (Date.parse(last.start) - from) / 60_000 + 1;
  const most = Math.max(...minutes.map((minute) => minute.articles));
  return (
    <figure class="timeline">
      <svg viewBox="0 0 720 110" preserveAspectRatio="none" role="img" aria-label={`${t("rate")}: ${number(last.articles)}`}>
        {minutes.map((minute) => {
          const x = ((Date.parse(minute.start) - from) / 60_000 / steps) * 720;
          const [all, flagged] = [(minute.articles / most) * 106, (minute.flagged / most) * 106];
          const width = Math.min(40, Math.max(1.5, 720 / steps - 1));
          return <g><title>{`${shortMoment(minute.start)}: ${number(minute.articles)}`}</title><rect class="fill sev-info" x={x} y={110 - all} width={width} height={all} /><rect class="fill sev-high" x={x} y={110 - flagged} width={width} height={flagged} /></g>;
        })}
      </svg>
      <figcaption class="ends quiet"><span>{shortMoment(first.start)}</span><span>{number(last.articles)}/min</span><span>{shortMoment(last.start)}</span></figcaption>
    </figure>
  );
}
