// What the API answers, and how it is asked.

export interface Bounded { min: number | null; max: number | null }
export interface Area { name: string; longitude: number; latitude: number; radius_km: number }
export interface Operator {
  acknowledged_by: string | null; muted: boolean; muted_until: string | null; alerts_firing: number; alerts: number;
}
export interface Summary {
  incident_id: string; revision: number; state: string; merged_into?: string; type: string; status: string;
  severity: string; confidence: number; confirmation: string; title: string; language: string;
  country: string | null; countries: string[]; place: string | null; precision: string;
  trace: { waters: Area | null; launched_from: string | null; landed_in: string | null };
  date: string | null; count: Bounded | null; killed: Bounded | null; injured: Bounded | null; weapon: string | null;
  actors: string[]; targets: string[]; languages: string[]; report_count: number; publishers: number;
  independent_origins: number; conflicts: number; lane: string;
  first_report_at: string; last_report_at: string; updated_at: string; operator: Operator;
}
export interface List { items: Summary[]; next: string | null; matched: number; position: string }
export interface Count { code: string; count: number }
export interface Coverage {
  matched: number; types: Count[]; severities: Count[]; states: Count[]; confirmations: Count[]; countries: Count[];
  period_ms: number; timeline: { start: string; counts: number[] }[];
}
export interface Span { field: "title" | "subtitle" | "body"; start: number; end: number }
export interface Quote { text: string; span: Span }
export interface Party extends Quote { country: string | null; group: string | null; name?: string }
export interface Authority { country: string | null; body: string; span: Span }
export interface SecurityEvent {
  id: string; type: string; status: string; severity: string; confidence: number;
  actors: Party[]; targets: Party[];
  location: { country: string | null; place: Quote | null; launch_site: Quote | null; impact: Quote | null; precision: string };
  date: { start: string; end: string; quote?: Quote } | null;
  count: (Bounded & Quote) | null; killed: (Bounded & Quote) | null; injured: (Bounded & Quote) | null;
  weapon: (Quote & { class: string; name: string | null }) | null;
  claimed_by: Authority[]; confirmed_by: Authority[]; denied_by: Authority[];
  evidence: { field: Span["field"]; start: number; end: number; text: string }[];
}
export interface Told { text: string; sources: string[] }
export interface IncidentAuthority { country: string | null; body: string; sources: string[] }
export interface Report {
  article: { id: string; url?: string; publisher?: string; language: string; published_at: string; title: string };
  origin: { agencies: string[] }; excerpts: string[]; event: SecurityEvent; lane: string;
}
export interface Incident {
  incident_id: string; revision: number; state: string; severity_reasons: string[];
  location: { country: string | null; place: Told | null; launch_site: Told | null; impact: Told | null; precision: string };
  claimed_by: IncidentAuthority[]; confirmed_by: IncidentAuthority[]; denied_by: IncidentAuthority[];
  conflicts: { slot: string; values: Told[] }[]; reports: Report[]; report_count: number;
  origins: { name: string; articles: string[]; why: string }[];
  why: { kind: string; subject: string; by?: string; reason: string; at: string }[];
  changed: string[];
}
export interface Control { id: string; by: string; at: string; undone: boolean; note?: string; action: string; incident_id?: string }
export interface Alert { alert_id: string; idempotency_key: string; sink?: string; route: string; policy: string; state: string; title: string; decided_at: string; deliveries: { sink: string; outcome: string }[] }
export interface Details { incident: Incident; summary: Summary; alerts: Alert[]; decisions: Control[] }
export interface Article { id: string; title: string; subtitle?: string; body: string; language: { code: string } }
export interface Reported { article_id: string; article: Article | null; changed: boolean }
export interface Latency { p50: number; p90: number; p99: number }
export interface Flow {
  articles: number; flagged: number; texts_held: number; text_bytes: number; topics: Count[]; regions: Count[];
  languages: Count[]; minutes: { start: string; articles: number; flagged: number }[];
  inputs: { topic: string; records: number; refused: number; newest: string | null; lag: number }[];
  stages: { stage: string; input: string; lag: number | null }[];
  publication_to_intake: Latency | null; intake_to_console: Latency | null;
  dead_letters: { topic: string; key: string; code: string; reason: string; timestamp: number }[];
}
export interface Session { name: string | null; role: "viewer" | "operator" }

const KEY = "siaga-token";

export class Refused extends Error {
  constructor(readonly status: number, message: string) { super(message); }
}

export function token(): string { return sessionStorage.getItem(KEY) ?? ""; }
export function setToken(text: string) {
  if (text) sessionStorage.setItem(KEY, text); else sessionStorage.removeItem(KEY);
}

function headers(more: Record<string, string> = {}): Record<string, string> {
  return token() ? { ...more, authorization: `Bearer ${token()}` } : more;
}

async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new Refused(response.status, problem.reason ?? response.statusText);
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(`/api/v1${path}`, { headers: headers(), signal: signal ?? null });
  return (await checked(response)).json();
}

export async function decide(decision: object): Promise<void> {
  const body = JSON.stringify(decision);
  await checked(await fetch("/api/v1/control", {
    method: "POST", body, headers: headers({ "content-type": "application/json" }),
  }));
}

/** Saves an answer as a file: a plain link would carry no token. */
export async function save(path: string, name: string): Promise<void> {
  const response = await checked(await fetch(`/api/v1${path}`, { headers: headers() }));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

export interface Listener {
  incident(summary: Summary): void;
  gone(id: string): void;
  reset(): void;
  /** What came since the last call is complete. */
  settled(): void;
  connected(is: boolean): void;
}

/** Server-sent events over fetch, because EventSource sends no token; resumes with the last id until `signal`. */
export async function follow(query: string, position: string, listener: Listener, signal: AbortSignal) {
  let last = position;
  let wait = 500;
  while (!signal.aborted) {
    try {
      const response = await checked(await fetch(`/api/v1/stream${query}`, {
        headers: headers({ "last-event-id": last }), signal, cache: "no-store",
      }));
      listener.connected(true);
      wait = 500;
      for await (const event of events(response.body!)) {
        if (event.id) last = event.id;
        if (event.name === "incident") listener.incident(JSON.parse(event.data));
        else if (event.name === "gone") listener.gone(JSON.parse(event.data).incident_id);
        else if (event.name === "reset") return listener.reset();
        else if (event.name === "position") listener.settled();
      }
    } catch {
      // The connection broke; the last id says where to go on.
    }
    if (signal.aborted) return;
    listener.connected(false);
    await new Promise((go) => setTimeout(go, wait));
    wait = Math.min(wait * 2, 8000);
  }
}

async function* events(body: ReadableStream<Uint8Array>) {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    let end: number;
    while ((end = text.indexOf("\n\n")) >= 0) {
      const event = { name: "message", data: "", id: "" };
      for (const line of text.slice(0, end).split("\n")) {
        if (line.startsWith("event: ")) event.name = line.slice(7);
        else if (line.startsWith("data: ")) event.data += line.slice(6);
        else if (line.startsWith("id: ")) event.id = line.slice(4);
      }
      text = text.slice(end + 2);
      if (event.data) yield event;
    }
  }
}
