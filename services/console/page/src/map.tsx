// The world: countries by number, seas as circles, flights as arcs. Never a point: nobody measured one.
import { geoCentroid, geoCircle, geoNaturalEarth1, geoPath } from "d3-geo";
import type { FeatureCollection, Geometry } from "geojson";
import { memo } from "preact/compat";
import { useEffect, useMemo, useState } from "preact/hooks";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import type { Count, Summary } from "./api";
import { toggle } from "./route";
import { country, number, t } from "./words";

const [WIDTH, HEIGHT] = [720, 360];
/** Seas and arcs that are drawn at most. */
const MOST = 300;
const KM_PER_DEGREE = 111.2;

let loading: Promise<FeatureCollection<Geometry>> | undefined;
function world(): Promise<FeatureCollection<Geometry>> {
  loading ??= fetch("/world.json").then((r) => r.json()).then((topology: Topology) =>
    feature(topology, topology.objects.countries as GeometryCollection) as FeatureCollection<Geometry>);
  return loading;
}

const projection = geoNaturalEarth1().fitSize([WIDTH, HEIGHT], { type: "Sphere" });
const path = geoPath(projection);

export function WorldMap({ counts, items, version }: { counts: Count[]; items: Summary[]; version: number }) {
  const [land, setLand] = useState<FeatureCollection<Geometry> | null>(null);
  useEffect(() => void world().then(setLand), []);
  return (
    <figure class="map">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t("mapLabel")}>
        <path class="sea" d={path({ type: "Sphere" }) ?? ""} />
        {land && <Countries land={land} counts={counts} />}
        {land && <Traces land={land} items={items} version={version} />}
      </svg>
      <figcaption class="quiet">{t("areaNote")}</figcaption>
    </figure>
  );
}

const Countries = memo(function Countries({ land, counts }: { land: FeatureCollection<Geometry>; counts: Count[] }) {
  const shapes = useMemo(() => land.features.map((shape) => ({ id: String(shape.id ?? ""), d: path(shape) ?? "" })), [land]);
  const most = Math.max(1, ...counts.map((count) => count.count));
  const by = new Map(counts.map((count) => [count.code, count.count]));
  return (
    <g>
      {shapes.map(({ id, d }) => {
        const count = by.get(id) ?? 0;
        const level = count === 0 ? 0 : 1 + Math.min(4, Math.floor((Math.log(count + 1) / Math.log(most + 1)) * 4.99));
        return (
          <path class={`land level-${level}`} d={d} onClick={() => id && toggle("country", id)}>
            {id && <title>{`${country(id)}: ${number(count)}`}</title>}
          </path>
        );
      })}
    </g>
  );
});

function Traces({ land, items, version }: { land: FeatureCollection<Geometry>; items: Summary[]; version: number }) {
  const traces = useMemo(() => {
    const middle = (code: string) => {
      const shape = land.features.find((shape) => shape.id === code);
      return shape ? geoCentroid(shape) : null;
    };
    const seas = new Map<string, { d: string; name: string; count: number; severity: string }>();
    const arcs = new Map<string, { d: string; severity: string }>();
    for (const item of items.slice(0, 4000)) {
      const { waters, launched_from: from, landed_in: to } = item.trace;
      if (waters && seas.size < MOST) {
        const known = seas.get(waters.name);
        if (known) known.count += 1;
        else {
          const circle = geoCircle().center([waters.longitude, waters.latitude]).radius(waters.radius_km / KM_PER_DEGREE)();
          seas.set(waters.name, { d: path(circle) ?? "", name: waters.name, count: 1, severity: item.severity });
        }
      }
      const start = from ? middle(from) : null;
      const end: [number, number] | null = waters ? [waters.longitude, waters.latitude] : to ? middle(to) : null;
      if (start && end && arcs.size < MOST) {
        const key = `${from} ${end}`;
        if (!arcs.has(key)) arcs.set(key, { d: path({ type: "LineString", coordinates: [start, end] }) ?? "", severity: item.severity });
      }
    }
    return { seas: [...seas.values()], arcs: [...arcs.values()] };
  }, [land, version, items[0]]);
  return (
    <g>
      {traces.seas.map((sea) => <path class={`waters sev-${sea.severity}`} d={sea.d}><title>{`${sea.name}: ${number(sea.count)}`}</title></path>)}
      {traces.arcs.map((arc) => <path class={`arc sev-${arc.severity}`} d={arc.d} />)}
    </g>
  );
}
