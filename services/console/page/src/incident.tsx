// One incident: what is told, by whom, where reports differ, and the words of each report.
import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { type Details, type Incident, type Quote, type Report, type Reported, Refused, follow as listen, get, save } from "./api";
import { Decisions, Operators } from "./decisions";
import { Highlighted, marks } from "./highlight";
import { follow } from "./route";
import { type Word, bounded, code, counted, country, direction, languageName, moment, number, t, visible } from "./words";

export function IncidentView({ id, operator }: { id: string; operator: boolean }) {
  const [details, setDetails] = useState<Details | null>(null);
  const [articles, setArticles] = useState<Reported[]>([]);
  const [problem, setProblem] = useState<Refused | null>(null);
  const path = `/incidents/${encodeURIComponent(id)}`;
  const load = useCallback(() => {
    get<Details>(path).then((found) => { setDetails(found); setProblem(null); }, setProblem);
    get<{ items: Reported[] }>(`${path}/articles`).then((found) => setArticles(found.items), () => setArticles([]));
  }, [path]);
  useEffect(() => {
    setDetails(null);
    load();
    const stop = new AbortController();
    const keepUp = () => void listen("", "", {
      incident: (summary) => summary.incident_id === id && load(),
      gone: (gone) => gone === id && load(),
      reset: () => { load(); keepUp(); }, settled: () => {}, connected: () => {},
    }, stop.signal);
    keepUp();
    return () => stop.abort();
  }, [load, id]);
  useEffect(() => { document.title = `${details ? visible(details.summary.title) : id} · Siaga`; }, [details, id]);
  if (problem) return <p role="alert" class="panel problem">{problem.status === 404 ? t("notFound") : problem.message}</p>;
  if (!details) return <p class="quiet">{t("loading")}…</p>;
  const { incident, summary } = details;
  return (
    <article class="incident">
      <header class={`panel head sev-${summary.severity}`}>
        <a class="backlink" href="/" onClick={(e) => { if (history.length > 1) { e.preventDefault(); history.back(); } else follow(e); }}>← {t("back")}</a>
        <h1 lang={summary.language} dir={direction(summary.language)}>{visible(summary.title) || summary.incident_id}</h1>
        <p class="line meta">
          <span class="sev">{code(summary.severity)}</span><span class="strong">{code(summary.type)}</span>
          <span class={`conf conf-${summary.confirmation}`}>{code(summary.confirmation)}</span><span>{code(summary.state)}</span>
          <span>{counted(summary.report_count, "reports")} · {counted(summary.publishers, "publishers")} · {counted(summary.independent_origins, "origins")}</span>
          <time dateTime={summary.last_report_at}>{moment(summary.last_report_at)}</time>
          {summary.operator.acknowledged_by && <span>{t("acknowledgedBy")} {visible(summary.operator.acknowledged_by)}</span>}
          {summary.operator.muted && <span>{t("muted")}</span>}
        </p>
        <div class="buttons">
          <button type="button" onClick={() => void save(path, `${id}.json`)}>JSON</button>
          <button type="button" onClick={() => void save(`${path}/geojson`, `${id}.geojson`)}>GeoJSON</button>
          {operator && <Operators details={details} done={load} />}
        </div>
      </header>
      <div class="columns">
        <div>
          <Slots incident={incident} details={details} />
          <section aria-labelledby="reports-heading">
            <h2 id="reports-heading">{t("reports")}</h2>
            {incident.reports.map((report) => (
              <ReportView report={report} text={articles.find((article) => article.article_id === report.article.id)} />
            ))}
          </section>
        </div>
        <aside>
          <Sides incident={incident} />
          <Decisions details={details} />
        </aside>
      </div>
    </article>
  );
}

/** Quotes of a slot, one a report. */
function quotes(incident: Incident, pick: (report: Report) => (Quote | null | undefined)[]) {
  return incident.reports.flatMap((report) => pick(report).filter((quote) => quote != null).map((quote) => ({ quote, report })));
}

function Slots({ incident, details: { summary } }: { incident: Incident; details: Details }) {
  const names = (codes: string[]) => codes.map((text) => (/^[A-Z]{2}$/.test(text) ? country(text) : visible(text))).join(", ");
  const where = [summary.place && visible(summary.place), summary.country && country(summary.country)].filter(Boolean).join(", ");
  const precision = summary.precision === "unknown" ? "" : ` (${t("precision")} ${code(summary.precision)})`;
  const rows: [Word, string, ReturnType<typeof quotes>][] = [
    ["who", names(summary.actors), quotes(incident, (r) => r.event.actors)],
    ["whom", names(summary.targets), quotes(incident, (r) => r.event.targets)],
    ["where", where + precision, quotes(incident, (r) => [r.event.location.place])],
    ["launch", visible(incident.location.launch_site?.text ?? ""), quotes(incident, (r) => [r.event.location.launch_site])],
    ["impact", visible(incident.location.impact?.text ?? ""), quotes(incident, (r) => [r.event.location.impact])],
    ["when", summary.date ?? "", quotes(incident, (r) => [r.event.date?.quote])],
    ["count", bounded(summary.count), quotes(incident, (r) => [r.event.count])],
    ["killed", bounded(summary.killed), quotes(incident, (r) => [r.event.killed])],
    ["injured", bounded(summary.injured), quotes(incident, (r) => [r.event.injured])],
    ["weapon", summary.weapon ? code(summary.weapon) : "", quotes(incident, (r) => [r.event.weapon])],
  ];
  return (
    <section class="panel scroll">
      <table class="slots">
        <tbody>
          {rows.filter(([, value, found]) => value || found.length).map(([word, value, found]) => (
            <tr>
              <th scope="row">{t(word)}</th>
              <td class="strong">{value || t("unknown")}</td>
              <td>{found.map(({ quote, report }) => <QuoteOf quote={quote} report={report} />)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function QuoteOf({ quote, report }: { quote: Quote; report: Report }) {
  const { language, publisher } = report.article;
  return <q class="quote" lang={language} dir={direction(language)} title={visible(publisher ?? report.article.id)}>{visible(quote.text)}</q>;
}

function ReportView({ report, text }: { report: Report; text: Reported | undefined }) {
  const { article, event } = report;
  const whole = text?.article && !text.changed ? text.article : null;
  const link = article.url && /^https?:\/\//.test(article.url) ? article.url : null;
  return (
    <section class="panel report" data-testid={`report-${article.id}`}>
      <p class="line meta">
        <span class="strong">{visible(article.publisher ?? article.id)}</span><span>{languageName(article.language)}</span>
        <time dateTime={article.published_at}>{moment(article.published_at)}</time>
        {report.origin.agencies.length > 0 && <span>{visible(report.origin.agencies.join(", "))}</span>}
        {report.lane !== "live" && <span>{visible(report.lane)}</span>}
        {link && <a href={link} target="_blank" rel="noopener noreferrer nofollow">{t("openOriginal")} ↗</a>}
      </p>
      <h3 lang={article.language} dir={direction(article.language)}>
        {whole ? <Highlighted text={whole.title} language={article.language} found={marks(event, "title")} /> : visible(article.title)}
      </h3>
      {whole
        ? <Highlighted text={whole.body} language={article.language} found={marks(event, "body")} />
        : (
          <>
            <p class="quiet">{text?.changed ? t("textChanged") : t("excerpt")}</p>
            {report.excerpts.map((excerpt) => <blockquote class="text" lang={article.language} dir={direction(article.language)}>{visible(excerpt)}</blockquote>)}
          </>
        )}
    </section>
  );
}

function Panel({ word, children }: { word: Word; children: ComponentChildren }) {
  return <section class="panel"><h2>{t(word)}</h2>{children}</section>;
}

function Sides({ incident }: { incident: Incident }) {
  const sourced = (sources: string[]) => sources
    .map((id) => incident.reports.find((report) => report.event.id === id)?.article)
    .filter((article) => article !== undefined);
  const from = (sources: string[]) => visible([...new Set(sourced(sources).map((a) => a.publisher ?? a.id))].join(", "));
  const sides: [Word, Incident["claimed_by"]][] = [
    ["claimed", incident.claimed_by], ["confirmed", incident.confirmed_by], ["denied", incident.denied_by],
  ];
  return (
    <>
      {sides.filter(([, who]) => who.length > 0).map(([word, who]) => (
        <Panel word={word}>
          <ul class="plain">{who.map((one) => (
            <li><span class="strong" dir="auto">{visible(one.body)}</span>{one.country && ` · ${country(one.country)}`} <span class="quiet">{from(one.sources)}</span></li>
          ))}</ul>
        </Panel>
      ))}
      {incident.conflicts.length > 0 && (
        <Panel word="conflicts">
          {incident.conflicts.map((conflict) => (
            <div class="conflict">
              <h3>{code(conflict.slot)}</h3>
              <div class="beside">{conflict.values.map((value) => (
                <div><q dir="auto">{visible(value.text)}</q><span class="quiet">{from(value.sources)}</span></div>
              ))}</div>
            </div>
          ))}
        </Panel>
      )}
      <Panel word="originsOf">
        <ul class="plain">{incident.origins.map((origin) => (
          <li><span class="strong" dir="auto">{visible(origin.name)}</span> <span class="quiet">{code(origin.why)} · {counted(origin.articles.length, "articles")}</span></li>
        ))}</ul>
      </Panel>
      <Panel word="why">
        <ol class="plain">{incident.why.map((decision) => (
          <li><span class="strong">{code(decision.kind)}</span> {visible(decision.reason)}{decision.by && ` · ${visible(decision.by)}`}<br /><time class="quiet" dateTime={decision.at}>{moment(decision.at)}</time></li>
        ))}</ol>
        <p class="quiet">{t("revision")} {number(incident.revision)}{incident.changed.length > 0 && ` · ${t("changed")}: ${incident.changed.map(code).join(", ")}`}</p>
      </Panel>
    </>
  );
}
