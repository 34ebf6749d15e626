// The frame of the page: header, theme, language, token, and which view is shown.
import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Session, Refused, get, setToken, token } from "./api";
import { IncidentView } from "./incident";
import { Overview } from "./overview";
import { PipelineView } from "./pipeline";
import { follow, useAddress } from "./route";
import { type Lang, type Word, lang, setLang, t } from "./words";

type Theme = "" | "light" | "dark";
const THEMES: [Theme, Word][] = [["", "system"], ["light", "light"], ["dark", "dark"]];

function setTheme(theme: string) {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem("siaga-theme", theme);
}
setTheme(localStorage.getItem("siaga-theme") ?? "");
setLang(lang);

function App() {
  const address = useAddress();
  const [, draw] = useState(0);
  const [session, setSession] = useState<Session | null>(null);
  const [refused, setRefused] = useState<Refused | null>(null);
  const sign = () => {
    get<Session>("/session").then((found) => { setSession(found); setRefused(null); }, (error) => {
      setSession(null);
      if (error instanceof Refused && error.status === 401) setRefused(error);
      else setTimeout(sign, 3000);
    });
  };
  useEffect(sign, []);
  // A view that comes by a click begins at its top, and screen readers are told.
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) { scrollTo(0, 0); main.current?.focus({ preventScroll: true }); }
    first.current = false;
  }, [address.pathname]);
  const redraw = () => draw((count) => count + 1);
  return (
    <>
      <a class="skip" href="#main">{t("skip")}</a>
      <header class="top">
        <a class="brand" href="/" onClick={follow}><img src="/icon.svg" alt="" width="22" height="22" />Siaga</a>
        <nav aria-label="Siaga">
          <a href="/" onClick={follow} aria-current={address.pathname === "/" ? "page" : undefined}>{t("incidents")}</a>
          <a href="/pipeline" onClick={follow} aria-current={address.pathname === "/pipeline" ? "page" : undefined}>{t("pipeline")}</a>
        </nav>
        <span class="grow" />
        {session?.name && <span class="quiet who">{session.name}</span>}
        {session && session.name === null && <button type="button" onClick={() => setRefused(new Refused(401, ""))}>{t("signIn")}</button>}
        {token() && <button type="button" onClick={() => { setToken(""); sign(); }}>{t("signOut")}</button>}
        <select aria-label={t("language")} value={lang} onChange={(e) => { setLang(e.currentTarget.value as Lang); redraw(); }}>
          <option value="en">English</option><option value="id">Indonesia</option>
        </select>
        <select aria-label={t("theme")} value={document.documentElement.dataset.theme ?? ""}
          onChange={(e) => { setTheme(e.currentTarget.value); redraw(); }}>
          {THEMES.map(([theme, word]) => <option value={theme}>{t(word)}</option>)}
        </select>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {refused ? <SignIn again={sign} wrong={token() !== ""} /> : session && view(address, session)}
      </main>
    </>
  );
}

function view(address: URL, session: Session) {
  if (address.pathname === "/pipeline") return <PipelineView />;
  const incident = /^\/incidents\/(.+)$/.exec(address.pathname);
  if (incident) return <IncidentView id={decodeURIComponent(incident[1]!)} operator={session.role === "operator"} />;
  return <Overview address={address} />;
}

function SignIn({ again, wrong }: { again: () => void; wrong: boolean }) {
  const [text, setText] = useState("");
  return (
    <form class="sign panel" onSubmit={(e) => { e.preventDefault(); setToken(text.trim()); again(); }}>
      <h1>{t("tokenNeeded")}</h1>
      {wrong && <p role="alert">{t("tokenWrong")}</p>}
      <label>{t("token")}
        <input type="password" autocomplete="off" value={text} onInput={(e) => setText(e.currentTarget.value)} />
      </label>
      <button class="primary">{t("enter")}</button>
    </form>
  );
}

render(<App />, document.getElementById("app")!);
