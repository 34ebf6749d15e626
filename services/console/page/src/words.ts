// The words of the page in English and Indonesian. Codes that have no word here are shown as they are.

const EN = {
  incidents: "Incidents", map: "Map", timeline: "Timeline", pipeline: "Pipeline", filters: "Filters", search: "Search words",
  type: "Type", severity: "Severity", country: "Country", confirmation: "Confirmation", state: "State", since: "From", until: "To",
  all: "All", clear: "Clear filters", live: "Live", reconnecting: "Reconnecting", theme: "Theme", language: "Language",
  light: "Light", dark: "Dark", system: "System", matched: "incidents", reports: "reports", origins: "independent origins",
  publishers: "publishers", back: "Back to the list", loading: "Loading", none: "Nothing here.", token: "Access token", enter: "Enter",
  tokenNeeded: "This console asks for a token.", tokenWrong: "This token is not known.", signIn: "Sign in", signOut: "Sign out", skip: "Skip to content",
  who: "Who", whom: "Whom", where: "Where", when: "When", count: "How many", killed: "Killed", injured: "Injured", weapon: "Weapon",
  claimed: "Claimed by", confirmed: "Confirmed by", denied: "Denied by", conflicts: "Where reports differ", why: "Why joined",
  originsOf: "Origins", revision: "Revision", changed: "Changed last", decisions: "Decisions", alerts: "Alerts", evidence: "Evidence",
  excerpt: "The text is no longer kept; these are its excerpts.", textChanged: "The text has changed since; quotes may stand elsewhere.",
  acknowledge: "Acknowledge", unacknowledge: "Take acknowledgement back", mute: "Mute for a day", unmute: "Unmute", merge: "Merge with…", split: "Split off",
  mergeAsk: "Id of the incident to merge into this one", noteAsk: "Reason", done: "Written to the control topic.", acknowledgedBy: "acknowledged by", muted: "muted",
  launch: "Launch site", impact: "Impact", precision: "as exact as", unknown: "unknown", atLeast: "at least", atMost: "at most", topics: "Topics", regions: "Regions", languages: "Languages",
  rate: "Articles a minute", latency: "Latency", publicationToIntake: "publication to intake", intakeToConsole: "intake to console",
  stages: "How far stages are behind", stage: "Stage", lag: "Records behind", inputs: "Topics read", records: "Records", refused: "Unreadable", newest: "Newest", deadLetters: "Dead letters", articles: "articles", flagged: "flagged", textsHeld: "texts kept",
  text: "Text of the report", reason: "Reason", code: "Code", key: "Key", topic: "Topic", seconds: "s", minutes: "min", hours: "h", days: "days", addNote: "Note…", openOriginal: "Original", notFound: "There is no such incident here.", mapLabel: "World map of the incidents shown: countries by number, seas as circles, flights as arcs", table: "by country",
  areaNote: "Areas, not points: reports name places and do not measure them.", sortNote: "latest report first", failed: "The console does not answer", cancel: "Cancel", selected: "selected",
};
type Words = typeof EN;
export type Word = keyof Words;

const ID: Words = {
  incidents: "Insiden", map: "Peta", timeline: "Lini masa", pipeline: "Alur data", filters: "Saringan", search: "Cari kata",
  type: "Jenis", severity: "Keparahan", country: "Negara", confirmation: "Konfirmasi", state: "Keadaan", since: "Dari", until: "Sampai",
  all: "Semua", clear: "Hapus saringan", live: "Langsung", reconnecting: "Menyambung lagi", theme: "Tema", language: "Bahasa",
  light: "Terang", dark: "Gelap", system: "Sistem", matched: "insiden", reports: "laporan", origins: "sumber asal mandiri",
  publishers: "penerbit", back: "Kembali ke daftar", loading: "Memuat", none: "Tidak ada apa-apa.", token: "Token akses", enter: "Masuk",
  tokenNeeded: "Konsol ini meminta token.", tokenWrong: "Token ini tidak dikenal.", signIn: "Masuk", signOut: "Keluar", skip: "Lompat ke isi",
  who: "Pelaku", whom: "Sasaran", where: "Tempat", when: "Waktu", count: "Jumlah", killed: "Tewas", injured: "Luka", weapon: "Senjata",
  claimed: "Diklaim oleh", confirmed: "Dikonfirmasi oleh", denied: "Dibantah oleh", conflicts: "Perbedaan laporan", why: "Mengapa digabung",
  originsOf: "Sumber asal", revision: "Revisi", changed: "Perubahan terakhir", decisions: "Keputusan", alerts: "Peringatan", evidence: "Bukti",
  excerpt: "Teks tidak lagi disimpan; ini kutipannya.", textChanged: "Teks telah berubah; kutipan mungkin bergeser.",
  acknowledge: "Tandai sudah dilihat", unacknowledge: "Batalkan tanda", mute: "Bisukan sehari", unmute: "Bunyikan lagi", merge: "Gabungkan dengan…", split: "Pisahkan",
  mergeAsk: "Id insiden yang digabungkan ke sini", noteAsk: "Alasan", done: "Tertulis di topik control.", acknowledgedBy: "dilihat oleh", muted: "dibisukan",
  launch: "Lokasi peluncuran", impact: "Titik jatuh", precision: "setepat", unknown: "tidak diketahui", atLeast: "sedikitnya", atMost: "paling banyak", topics: "Topik", regions: "Wilayah", languages: "Bahasa",
  rate: "Artikel per menit", latency: "Latensi", publicationToIntake: "terbit sampai masuk", intakeToConsole: "masuk sampai konsol",
  stages: "Ketertinggalan tiap tahap", stage: "Tahap", lag: "Catatan tertinggal", inputs: "Topik yang dibaca", records: "Catatan", refused: "Tak terbaca", newest: "Terbaru", deadLetters: "Catatan mati", articles: "artikel", flagged: "ditandai", textsHeld: "teks disimpan",
  text: "Teks laporan", reason: "Alasan", code: "Kode", key: "Kunci", topic: "Topik", seconds: "dtk", minutes: "mnt", hours: "jam", days: "hari", addNote: "Catatan…", openOriginal: "Asli", notFound: "Insiden ini tidak ada di sini.", mapLabel: "Peta dunia insiden yang tampil: negara menurut jumlah, laut sebagai lingkaran, lintasan sebagai busur", table: "menurut negara",
  areaNote: "Wilayah, bukan titik: laporan menyebut tempat dan tidak mengukurnya.", sortNote: "laporan terakhir dahulu", failed: "Konsol tidak menjawab", cancel: "Batal", selected: "dipilih",
};

const CODES: Record<string, [string, string]> = {
  missile_test: ["Missile test", "Uji rudal"], nuclear_test: ["Nuclear test", "Uji nuklir"], weapons_test: ["Weapons test", "Uji senjata"],
  space_launch: ["Space launch", "Peluncuran antariksa"], strike: ["Strike", "Serangan"], armed_clash: ["Armed clash", "Bentrokan bersenjata"],
  bomb_attack: ["Bomb attack", "Serangan bom"], armed_assault: ["Armed assault", "Penyerangan bersenjata"], abduction: ["Abduction", "Penculikan"],
  incursion: ["Incursion", "Penerobosan"], maritime_incident: ["Maritime incident", "Insiden laut"], military_exercise: ["Military exercise", "Latihan militer"],
  military_deployment: ["Deployment", "Pengerahan militer"], arms_transfer: ["Arms transfer", "Pengiriman senjata"], nuclear_activity: ["Nuclear activity", "Kegiatan nuklir"],
  cyber_attack: ["Cyber attack", "Serangan siber"], coup: ["Coup", "Kudeta"], violent_unrest: ["Violent unrest", "Kerusuhan"],
  security_operation: ["Security operation", "Operasi keamanan"], sanction: ["Sanction", "Sanksi"], threat: ["Threat", "Ancaman"], ceasefire: ["Ceasefire", "Gencatan senjata"],
  info: ["Info", "Info"], low: ["Low", "Rendah"], medium: ["Medium", "Sedang"], high: ["High", "Tinggi"], critical: ["Critical", "Kritis"],
  contested: ["Contested", "Dipertentangkan"], denied: ["Denied", "Dibantah"], confirmed: ["Confirmed", "Dikonfirmasi"], claimed: ["Claimed", "Diklaim"],
  corroborated: ["Several origins", "Beberapa sumber"], single_source: ["Single origin", "Satu sumber"],
  open: ["Open", "Terbuka"], closed: ["Closed", "Ditutup"], retracted: ["Retracted", "Ditarik"], merged_into: ["Merged", "Digabung"],
  place: ["place", "tempat"], region: ["region", "wilayah"], waters: ["waters", "perairan"], count: ["How many", "Jumlah"], killed: ["Killed", "Tewas"],
  injured: ["Injured", "Luka"], actors: ["Who", "Pelaku"], targets: ["Whom", "Sasaran"], location: ["Where", "Tempat"], date: ["When", "Waktu"], weapon: ["Weapon", "Senjata"],
  acknowledge: ["Acknowledged", "Dilihat"], mute: ["Muted", "Dibisukan"], merge: ["Merged", "Digabungkan"], note: ["Note", "Catatan"],
  firing: ["Firing", "Berlaku"], resolved: ["Resolved", "Selesai"], pending: ["pending", "menunggu"], delivered: ["delivered", "terkirim"], failed: ["failed", "gagal"],
  ballistic_missile: ["Ballistic missile", "Rudal balistik"], icbm: ["Intercontinental ballistic missile", "Rudal balistik antarbenua"], irbm: ["Intermediate-range ballistic missile", "Rudal balistik jarak menengah-jauh"],
  mrbm: ["Medium-range ballistic missile", "Rudal balistik jarak menengah"], srbm: ["Short-range ballistic missile", "Rudal balistik jarak pendek"], slbm: ["Submarine-launched ballistic missile", "Rudal balistik dari kapal selam"],
  cruise_missile: ["Cruise missile", "Rudal jelajah"], hypersonic: ["Hypersonic missile", "Rudal hipersonik"], rocket: ["Rocket", "Roket"], artillery: ["Artillery", "Artileri"], drone: ["Drone", "Drone"], aircraft: ["Aircraft", "Pesawat"],
  bomb: ["Bomb", "Bom"], small_arms: ["Small arms", "Senjata ringan"], nuclear: ["Nuclear device", "Perangkat nuklir"], satellite_launcher: ["Satellite launcher", "Peluncur satelit"], torpedo: ["Torpedo", "Torpedo"], air_defence: ["Air defence missile", "Rudal pertahanan udara"],
  founded: ["Founded", "Dimulai"], joined: ["Joined", "Digabung"], merged: ["Merged", "Dilebur"], split: ["Split", "Dipisah"], corrected: ["Corrected", "Dikoreksi"], withdrawn: ["Withdrawn", "Ditarik"],
};

export type Lang = "en" | "id";
export let lang: Lang = (localStorage.getItem("siaga-lang") ?? (navigator.language.startsWith("id") ? "id" : "en")) as Lang;
export function setLang(to: Lang) { lang = to; localStorage.setItem("siaga-lang", to); document.documentElement.lang = to; }

export function t(word: Word): string { return (lang === "id" ? ID : EN)[word]; }
export function code(text: string): string { return CODES[text]?.[lang === "id" ? 1 : 0] ?? text.replaceAll("_", " "); }

/** The name of a country, language or, failing that, the code itself. */
function display(kind: "region" | "language", text: string): string {
  try { return new Intl.DisplayNames([lang], { type: kind }).of(text) ?? text; } catch { return text; }
}
export const country = (text: string) => display("region", text);
export const languageName = (text: string) => (text === "und" ? t("unknown") : display("language", text));
export const number = (value: number) => value.toLocaleString(lang);

/** A span of time, as exactly as it matters. */
export function duration(seconds: number): string {
  const [unit, word]: [number, Word] = seconds < 120 ? [1, "seconds"] : seconds < 7200 ? [60, "minutes"] : seconds < 172_800 ? [3600, "hours"] : [86_400, "days"];
  return `${number(Math.round((seconds / unit) * 10) / 10)} ${t(word)}`;
}

/** A number of things; English has a singular. */
export function counted(value: number, word: Word): string {
  const plural = t(word);
  return `${number(value)} ${lang === "en" && value === 1 ? plural.replace(/s$/, "") : plural}`;
}

export function moment(text: string): string {
  return new Date(text).toLocaleString(lang, { dateStyle: "medium", timeStyle: "short", hour12: false, timeZone: "UTC" }) + " UTC";
}
export function shortMoment(text: string): string {
  return new Date(text).toLocaleString(lang, { day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "UTC" });
}
export function bounded(value: { min: number | null; max: number | null } | null): string {
  if (!value) return "";
  const { min, max } = value;
  if (min !== null && max !== null) return min === max ? number(min) : `${number(min)}–${number(max)}`;
  return min !== null ? `${t("atLeast")} ${number(min)}` : max !== null ? `${t("atMost")} ${number(max)}` : "";
}

const RTL = new Set(["ar", "fa", "he", "ur", "ps", "ckb", "sd", "ug", "yi", "dv"]);
export const direction = (language: string): "rtl" | "ltr" => (RTL.has(language.split("-")[0] ?? "") ? "rtl" : "ltr");

/**
 * Text of others as it may stand in the page: control characters become visible signs, and overrides of the
 * direction, which could make words read as others, are shown instead of obeyed. Each code point stays one.
 */
export function visible(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (c) => {
    const at = c.charCodeAt(0);
    return at < 0x20 ? String.fromCharCode(0x2400 + at) : "\ufffd";
  });
}
