// Incidents by the time of their last report, by severity.
import type { Coverage } from "./api";
import { go, query } from "./route";
import { code, number, shortMoment, t } from "./words";

const [WIDTH, HEIGHT] = [720, 110];
const SEVERITIES = ["info", "low", "medium", "high", "critical"];

export function Timeline({ coverage }: { coverage: Coverage | null }) {
  if (!coverage || coverage.timeline.length === 0) return <p class="quiet empty">{coverage ? t("none") : t("loading")}</p>;
  const { timeline, period_ms: period } = coverage;
  const start = Date.parse(timeline[0]!.start);
  const end = Date.parse(timeline[timeline.length - 1]!.start) + period;
  const most = Math.max(...timeline.map((one) => one.counts.reduce((a, b) => a + b, 0)));
  const width = Math.max(1.5, Math.min(40, (WIDTH / ((end - start) / period)) - 1));
  const zoom = (from: number) => {
    const url = new URL(location.href);
    url.searchParams.set("since", new Date(from).toISOString());
    url.searchParams.set("until", new Date(from + period - 1).toISOString());
    go(`/${query(url)}`);
  };
  return (
    <figure class="timeline">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${t("timeline")}: ${number(coverage.matched)}`} preserveAspectRatio="none">
        {timeline.map((one) => {
          const from = Date.parse(one.start);
          let floor = HEIGHT;
          return (
            <g onClick={() => zoom(from)}>
              <title>{`${shortMoment(one.start)}: ${number(one.counts.reduce((a, b) => a + b, 0))}`}</title>
              {one.counts.map((count, index) => {
                const height = (count / most) * (HEIGHT - 4);
                floor -= height;
                return count > 0 && <rect class={`fill sev-${SEVERITIES[index]}`} x={((from - start) / (end - start)) * WIDTH} y={floor} width={width} height={height} />;
              })}
            </g>
          );
        })}
      </svg>
      <figcaption class="ends quiet"><span>{shortMoment(new Date(start).toISOString())}</span><span>{shortMoment(new Date(end).toISOString())}</span></figcaption>
      <ul class="legend">{[...SEVERITIES].reverse().map((s) => <li><i class={`swatch sev-${s}`} />{code(s)}</li>)}</ul>
    </figure>
  );
}
