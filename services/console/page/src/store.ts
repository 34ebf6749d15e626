// The list of incidents that a filter lets through: read page by page, kept up by the stream.
import { type Coverage, type List, type Summary, Refused, follow, get } from "./api";

const FIRST = 200;
const REST = 2000;
/** Shortest time between two counts, in milliseconds. */
const COUNT_PACE = 2000;

export class Store {
  readonly items: Summary[] = [];
  private readonly held = new Map<string, Summary>();
  private readonly stop = new AbortController();
  coverage: Coverage | null = null;
  matched = 0;
  complete = false;
  connected = false;
  problem: Refused | null = null;
  private counting = false;

  constructor(readonly query: string, private readonly changed: () => void) { void this.start(); }

  close() { this.stop.abort(); }

  private async start() {
    const signal = this.stop.signal;
    try {
      const join = this.query ? "&" : "?";
      void this.count();
      let page = await get<List>(`/incidents${this.query}${join}limit=${FIRST}`, signal);
      const position = page.position;
      this.problem = null;
      this.items.length = 0;
      this.held.clear();
      this.complete = false;
      this.take(page);
      // Changes behind the first page's position are told, so what later pages hold is never older than the stream.
      void this.listen(position);
      while (page.next !== null) {
        page = await get<List>(`/incidents${this.query}${join}limit=${REST}&cursor=${encodeURIComponent(page.next)}`, signal);
        this.take(page);
      }
      this.complete = true;
      this.changed();
    } catch (error) {
      if (signal.aborted) return;
      this.problem = error instanceof Refused ? error : new Refused(0, String(error));
      this.changed();
      if (this.problem.status !== 401) setTimeout(() => void this.start(), 3000);
    }
  }

  private take(page: List) {
    for (const summary of page.items) {
      const known = this.held.get(summary.incident_id);
      if (!known || known.revision < summary.revision) this.put(summary);
    }
    this.matched = Math.max(page.matched, this.items.length);
    this.changed();
  }

  private async listen(position: string) {
    await follow(this.query, position, {
      incident: (summary) => this.put(summary),
      gone: (id) => this.remove(id),
      reset: () => void this.start(),
      settled: () => {
        if (this.complete) this.matched = this.items.length;
        this.changed();
        void this.count();
      },
      connected: (is) => { this.connected = is; this.changed(); },
    }, this.stop.signal);
  }

  private async count() {
    if (this.counting) return;
    this.counting = true;
    try {
      this.coverage = await get<Coverage>(`/stats${this.query}`, this.stop.signal);
      this.changed();
    } catch {
      // The list tells what is wrong.
    }
    setTimeout(() => (this.counting = false), COUNT_PACE);
  }

  private put(summary: Summary) {
    this.remove(summary.incident_id);
    this.held.set(summary.incident_id, summary);
    this.items.splice(this.place(summary), 0, summary);
  }

  private remove(id: string) {
    const known = this.held.get(id);
    if (!known) return;
    this.held.delete(id);
    const at = this.place(known);
    if (this.items[at] === known) this.items.splice(at, 1);
  }

  /** Where a summary stands, or would stand: later reports first, then smaller ids. */
  private place(summary: Summary): number {
    const time = Date.parse(summary.last_report_at);
    let [low, high] = [0, this.items.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.items[middle]!;
      const at = Date.parse(other.last_report_at);
      if (at > time || (at === time && other.incident_id < summary.incident_id)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
