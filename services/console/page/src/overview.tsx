// The list with its filters, map and timeline.
import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import { Filters } from "./filters";
import { IncidentList } from "./list";
import { WorldMap } from "./map";
import { query } from "./route";
import { Store } from "./store";
import { Timeline } from "./timeline";
import { number, t } from "./words";

export function Overview({ address }: { address: URL }) {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const [store, setStore] = useState<Store | null>(null);
  const asked = query(address);
  const frame = useRef(0);
  useEffect(() => {
    // However fast changes come, the page is drawn once a frame.
    const next = new Store(asked, () => {
      if (!frame.current) frame.current = requestAnimationFrame(() => { frame.current = 0; draw(0 as never); });
    });
    setStore(next);
    return () => next.close();
  }, [asked]);
  useEffect(() => { document.title = `${t("incidents")} · Siaga`; });
  const coverage = store?.coverage ?? null;
  return (
    <div class="overview">
      <Filters address={address} coverage={coverage} />
      <div class="panel results">
        <div class="bar">
          <h1 id="incidents-heading">{t("incidents")}</h1>
          <span class="quiet" data-testid="matched">{store ? number(store.matched) : "…"} · {t("sortNote")}</span>
          <span class="grow" />
          <span role="status" class={store?.connected ? "live on" : "live"}>{store?.connected ? t("live") : t("reconnecting")}</span>
        </div>
        {store?.problem && <p role="alert" class="problem">{t("failed")}: {store.problem.message}</p>}
        {store && <IncidentList items={store.items} matched={store.matched} />}
      </div>
      <div class="side">
        <section class="panel" aria-labelledby="map-heading">
          <div class="bar"><h2 id="map-heading">{t("map")}</h2></div>
          <WorldMap counts={coverage?.countries ?? []} items={store?.items ?? []} version={store?.items.length ?? 0} />
        </section>
        <section class="panel" aria-labelledby="timeline-heading">
          <div class="bar"><h2 id="timeline-heading">{t("timeline")}</h2></div>
          <Timeline coverage={coverage} />
        </section>
      </div>
    </div>
  );
}
