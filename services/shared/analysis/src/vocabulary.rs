//! All forms of a language with what each may mean, ready to be looked for.

use std::collections::BTreeMap;

use crate::lexicon::{Form, GrammarFile, LanguageFiles, Pattern, TimeFile, Voice};
use crate::places::Gazetteer;

/// What a form may mean. Numbers inside point into the lists of the [`LanguageFiles`] and the [`Gazetteer`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Meaning {
    /// A phrase that hides the words in it.
    Idiom,
    /// A word of a field where weapons are play, figure or mishap.
    Field(Innocent),
    /// A place name.
    Place(u32),
    /// A bloc of states.
    Bloc(u32),
    /// An armed group.
    Group(u32),
    /// An authority or force.
    Body(u32),
    /// An agency or medium.
    Medium(u32),
    /// A thing.
    Noun(u32),
    /// A word that tells of events.
    Trigger(u32, FormVoice),
    /// A function word.
    Word(Word),
    /// A number word.
    Number(u32),
    /// A lower bound.
    Vague(u32),
    /// Multiplies the number before.
    Multiplier(u32),
    /// A word of a date.
    Time(TimeWord),
    /// A term of a topic and its weight.
    Topic(u32, TermWeight),
}

/// [`Voice`] with an order, as meanings need one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum FormVoice {
    Active,
    Passive,
    Either,
    Noun,
    /// A noun whose bare genitive is the object.
    VerbalNoun,
    /// The finite part of a verb that a particle at the end of the clause completes.
    Separated,
    /// A noun-like verb form that is its own doer's act (*the bomb exploded*).
    Intransitive,
}

impl FormVoice {
    pub(crate) fn is_noun(self) -> bool {
        matches!(self, Self::Noun | Self::VerbalNoun)
    }
}

/// Fields that are no security; each is told at `IdiomsFile`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Innocent {
    Fiction,
    Game,
    Sport,
    Business,
    Accident,
    Crime,
    Civil,
}

/// How much a term speaks for its topic; told at `TopicTerms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TermWeight {
    Weak,
    Plain,
    Strong,
}

/// Words of dates; each is told at `TimeFile`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TimeWord {
    Month(u8),
    Weekday(u8),
    Days(i32),
    Weeks(i32),
    Months(i32),
    Years(i32),
    DayUnit,
    WeekUnit,
    MonthUnit,
    YearUnit,
    Ago,
    Last,
    Next,
    YearMarker,
    DayPart,
}

impl TimeWord {
    /// Whether a number before it is a length of time.
    pub(crate) fn is_unit(self) -> bool {
        matches!(self, Self::DayUnit | Self::WeekUnit | Self::MonthUnit | Self::YearUnit)
    }
}

macro_rules! words {
    ($($section:ident { $($field:ident => $word:ident),+ $(,)? })+) => {
        /// What a function word does; each is told in `GrammarFile`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
                pub(crate) enum Word { $($($word),+),+ }

        fn function_words(grammar: &GrammarFile) -> Vec<(Word, &[Form])> {
            vec![$($((Word::$word, grammar.$section.$field.as_slice())),+),+]
        }
    };
}

words! {
    voice {
        passive_auxiliary => PassiveAuxiliary, agent_marker => AgentMarker,
        subject_marker => SubjectMarker, topic_marker => TopicMarker, object_marker => ObjectMarker,
        genitive_marker => GenitiveMarker,
        support_active => SupportActive, support_passive => SupportPassive,
    }
    prepositions {
        place => At, origin => From, direction => Toward, against => Against, with => With, between => Between,
    }
    clauses {
        complementizer => That, relative => Which, condition => If, after => After, before => Before, since => Since,
        coordinator => While, cause => Because,
    }
    status {
        negation => Not, hypothetical => May, planned => Will, foiled => Foiled, cancelled => Cancelled,
        ongoing => Ongoing, historical => Historical, recent => Recent, reaction => Reaction,
    }
    attribution {
        say => Say, according_to => AccordingTo, confirm => Confirm, claim => Claim, deny => Deny, accuse => Accuse,
        cite => Cite, tell => Tell,
    }
    reference { definite => Definite, indefinite => Indefinite, other => Other, previous => Previous, own => Own, and => And }
    bounds {
        at_least => AtLeast, at_most => AtMost, more_than => MoreThan, less_than => LessThan, about => About,
        unit => Unit,
    }
    casualties {
        killed => Killed, injured => Injured, nobody_killed => NobodyKilled, nobody_injured => NobodyInjured,
    }
}

/// A form to look for and what it may mean.
pub(crate) type Entries = BTreeMap<Pattern, Vec<Meaning>>;

/// The forms that `detect` looks for.
pub(crate) fn of_events(files: &LanguageFiles, gazetteer: &Gazetteer) -> Entries {
    let mut entries = of_places(gazetteer);
    let mut add = |forms: &[Form], meaning: Meaning| insert(&mut entries, forms, meaning);
    add(&files.idioms.idiom, Meaning::Idiom);
    for (innocent, forms) in innocent_fields(files) {
        add(forms, Meaning::Field(innocent));
    }
    for (i, group) in (0..).zip(&files.groups) {
        add(&group.forms, Meaning::Group(i));
    }
    for (i, body) in (0..).zip(&files.bodies) {
        add(&body.forms, Meaning::Body(i));
    }
    for (i, medium) in (0..).zip(&files.media) {
        add(&medium.forms, Meaning::Medium(i));
    }
    for (i, noun) in (0..).zip(&files.nouns) {
        add(&noun.forms, Meaning::Noun(i));
    }
    for (i, trigger) in (0..).zip(&files.triggers) {
        for (voice, forms) in [
            (Voice::Active, &trigger.active),
            (Voice::Passive, &trigger.passive),
            (Voice::Either, &trigger.either),
            (Voice::Noun, &trigger.noun),
            (Voice::VerbalNoun, &trigger.verbal_noun),
            (Voice::Separated, &trigger.separated),
        ] {
            add(forms, Meaning::Trigger(i, form_voice(voice, trigger.intransitive)));
        }
    }
    for (word, forms) in function_words(&files.grammar) {
        add(forms, Meaning::Word(word));
    }
    add_numbers(&files.grammar, &mut entries);
    add_times(&files.time, &mut entries);
    entries
}

/// The forms that `classify` looks for.
pub(crate) fn of_topics(files: &LanguageFiles, gazetteer: &Gazetteer) -> Entries {
    let mut entries = of_places(gazetteer);
    for (i, topic) in (0..).zip(&files.topics) {
        insert(&mut entries, &topic.weak, Meaning::Topic(i, TermWeight::Weak));
        insert(&mut entries, &topic.terms, Meaning::Topic(i, TermWeight::Plain));
        insert(&mut entries, &topic.strong, Meaning::Topic(i, TermWeight::Strong));
    }
    for (word, forms) in [
        (Word::Say, &files.grammar.attribution.say),
        (Word::Confirm, &files.grammar.attribution.confirm),
        (Word::AccordingTo, &files.grammar.attribution.according_to),
        (Word::At, &files.grammar.prepositions.place),
    ] {
        insert(&mut entries, forms, Meaning::Word(word));
    }
    for (i, body) in (0..).zip(&files.bodies) {
        insert(&mut entries, &body.forms, Meaning::Body(i));
    }
    insert(&mut entries, &files.idioms.idiom, Meaning::Idiom);
    entries
}

/// Single words of the grammar, folded.
pub(crate) fn of_grammar(files: &LanguageFiles) -> impl Iterator<Item = String> + '_ {
    let forms = function_words(&files.grammar).into_iter().flat_map(|(_, forms)| forms);
    forms.map(|form| form.pattern().folded).filter(|word| !word.contains(' '))
}

/// The single words of a language that are no names, folded: function words, verbs and things.
pub(crate) fn words(files: &LanguageFiles) -> impl Iterator<Item = String> + '_ {
    let grammar = function_words(&files.grammar).into_iter().flat_map(|(_, forms)| forms);
    let triggers = files
        .triggers
        .iter()
        .flat_map(|t| [&t.active, &t.passive, &t.either, &t.noun, &t.verbal_noun, &t.separated])
        .flatten();
    let nouns = files.nouns.iter().filter(|n| n.name.is_none()).flat_map(|n| &n.forms);
    let topics = files.topics.iter().flat_map(|t| [&t.strong, &t.terms, &t.weak]).flatten();
    grammar.chain(triggers).chain(nouns).chain(topics).map(Form::pattern).filter_map(|pattern| {
        let word = pattern.exact.is_none() && !pattern.open_end && !pattern.open_start;
        (word && !pattern.folded.contains(' ')).then_some(pattern.folded)
    })
}

fn of_places(gazetteer: &Gazetteer) -> Entries {
    let mut entries = Entries::new();
    for (i, place) in (0..).zip(gazetteer.names()) {
        entries.entry(place.pattern.clone()).or_default().push(Meaning::Place(i));
    }
    for (i, bloc) in (0..).zip(gazetteer.blocs()) {
        insert(&mut entries, &bloc.forms, Meaning::Bloc(i));
    }
    entries
}

fn insert(entries: &mut Entries, forms: &[Form], meaning: Meaning) {
    for form in forms {
        let meanings = entries.entry(form.pattern()).or_default();
        if !meanings.contains(&meaning) {
            meanings.push(meaning);
        }
    }
}

fn innocent_fields(files: &LanguageFiles) -> [(Innocent, &[Form]); 7] {
    let idioms = &files.idioms;
    [
        (Innocent::Fiction, &idioms.fiction),
        (Innocent::Game, &idioms.game),
        (Innocent::Sport, &idioms.sport),
        (Innocent::Business, &idioms.business),
        (Innocent::Accident, &idioms.accident),
        (Innocent::Crime, &idioms.crime),
        (Innocent::Civil, &idioms.civil),
    ]
}

fn form_voice(voice: Voice, intransitive: bool) -> FormVoice {
    match voice {
        Voice::Noun => FormVoice::Noun,
        Voice::VerbalNoun => FormVoice::VerbalNoun,
        Voice::Separated => FormVoice::Separated,
        _ if intransitive => FormVoice::Intransitive,
        Voice::Active => FormVoice::Active,
        Voice::Passive => FormVoice::Passive,
        Voice::Either => FormVoice::Either,
    }
}

type NumberTable<'a> = (&'a BTreeMap<String, u32>, fn(u32) -> Meaning);
type TimeTable<'a> = (&'a BTreeMap<String, i32>, fn(i32) -> TimeWord);

fn add_numbers(grammar: &GrammarFile, entries: &mut Entries) {
    let tables: [NumberTable<'_>; 3] = [
        (&grammar.numbers, Meaning::Number),
        (&grammar.vague_numbers, Meaning::Vague),
        (&grammar.multipliers, Meaning::Multiplier),
    ];
    for (table, meaning) in tables {
        for (text, value) in table {
            insert_text(entries, text, meaning(*value));
        }
    }
}

fn add_times(time: &TimeFile, entries: &mut Entries) {
    for (i, forms) in (0u8..).zip(&time.months) {
        insert(entries, forms, Meaning::Time(TimeWord::Month(i + 1)));
    }
    for (i, forms) in (0u8..).zip(&time.weekdays) {
        insert(entries, forms, Meaning::Time(TimeWord::Weekday(i)));
    }
    let tables: [TimeTable<'_>; 4] = [
        (&time.relative_days, TimeWord::Days),
        (&time.relative_weeks, TimeWord::Weeks),
        (&time.relative_months, TimeWord::Months),
        (&time.relative_years, TimeWord::Years),
    ];
    for (table, word) in tables {
        for (text, value) in table {
            insert_text(entries, text, Meaning::Time(word(*value)));
        }
    }
    for (word, forms) in [
        (TimeWord::DayUnit, &time.day_units),
        (TimeWord::WeekUnit, &time.week_units),
        (TimeWord::MonthUnit, &time.month_units),
        (TimeWord::YearUnit, &time.year_units),
        (TimeWord::Ago, &time.ago),
        (TimeWord::Last, &time.last),
        (TimeWord::Next, &time.next),
        (TimeWord::YearMarker, &time.year_marker),
        (TimeWord::DayPart, &time.day_parts),
    ] {
        insert(entries, forms, Meaning::Time(word));
    }
}

/// Keys of TOML tables are checked by [`Form::new`] as other forms are; a blank key finds nothing.
fn insert_text(entries: &mut Entries, text: &str, meaning: Meaning) {
    if let Ok(form) = Form::new(text) {
        insert(entries, &[form], meaning);
    }
}
