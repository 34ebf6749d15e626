// Where the page is: everything that can be shared stands in the address.
import { useEffect, useState } from "preact/hooks";

const listeners = new Set<() => void>();
addEventListener("popstate", () => listeners.forEach((tell) => tell()));

export function go(address: string, replace = false) {
  if (replace) history.replaceState(null, "", address); else history.pushState(null, "", address);
  listeners.forEach((tell) => tell());
}

/** Shows a component anew with each change of the address. */
export function useAddress(): URL {
  const [, draw] = useState(0);
  useEffect(() => {
    const tell = () => draw((count) => count + 1);
    listeners.add(tell);
    return () => void listeners.delete(tell);
  }, []);
  return new URL(location.href);
}

export const FILTERS = ["type", "severity", "country", "state", "confirmation", "since", "until", "text"] as const;
export type Filter = (typeof FILTERS)[number];

/** The filters of an address as a query, in a fixed order; empty where there are none. */
export function query(url: URL): string {
  const found = new URLSearchParams();
  for (const name of FILTERS) {
    const value = url.searchParams.get(name);
    if (value) found.set(name, value);
  }
  const text = found.toString();
  return text ? `?${text}` : "";
}

export function setFilter(name: Filter, value: string, replace = false) {
  const url = new URL(location.href);
  if (value) url.searchParams.set(name, value); else url.searchParams.delete(name);
  go(`/${query(url)}`, replace);
}

export function toggle(name: Filter, value: string) {
  const now = new URL(location.href).searchParams.get(name)?.split(",").filter(Boolean) ?? [];
  setFilter(name, (now.includes(value) ? now.filter((v) => v !== value) : [...now, value]).join(","));
}

/** Follows a link inside the page without loading it anew. */
export function follow(event: MouseEvent) {
  const link = (event.currentTarget as HTMLAnchorElement);
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  go(link.pathname + link.search);
}
