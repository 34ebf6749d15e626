//! `grammar.toml`: function words, by what they do to an event told beside them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Form;

macro_rules! sections {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident),+ $(,)? })+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, Default, Deserialize)]
            #[serde(default, deny_unknown_fields)]
            pub struct $name { $($(#[$field_doc])* pub $field: Vec<Form>),+ }
        )+
    };
}

sections! {
    /// Who does it and who has it done.
    Voice {
        /// *was*, *were*, *been*: the verb after it is passive.
        passive_auxiliary,
        /// *by*, *oleh*: the doer follows.
        agent_marker,
        /// が, 이, ने: the doer stands before.
        subject_marker,
        /// は, 은: what the sentence is about stands before, its doer or speaker.
        topic_marker,
        /// を, 을, را: what it is done to stands before.
        object_marker,
        /// の, 의, `'nın`: the owner, or the doer of a noun, stands before.
        genitive_marker,
        /// *carried out*, *launched*, *melancarkan*: beside a noun that tells of an event, the subject is the doer.
        support_active,
        /// *was carried out*, *digelar*: beside such a noun, which is its subject.
        support_passive,
    }
    /// What a place or party after it is.
    Prepositions {
        /// *in*, *di*, *near*: the place follows.
        place,
        /// *from*, *dari*: the origin follows.
        origin,
        /// *to*, *toward*, *ke*, *into*: goal or direction follows.
        direction,
        /// *against*, *on*, *terhadap*: whom it hits.
        against,
        /// *with*, *dengan*: the partner follows.
        with,
        /// *of*, *between*: parties on equal terms follow.
        between,
    }
    /// Where one clause ends and the next begins.
    Clauses {
        /// *that*, *bahwa*.
        complementizer,
        /// *which*, *who*, *yang*.
        relative,
        /// *if*, *jika*: what follows is a condition.
        condition,
        /// *after*, *setelah*, *following*: what follows happened before.
        after,
        /// *before*, *sebelum*.
        before,
        /// *since*, *sejak*: a span of time begins.
        since,
        /// *while*, *when*, *sementara*, *but*: another clause of its own.
        coordinator,
        /// *over*, *because of*, *atas*, *terkait*: the reason of the main clause.
        cause,
    }
    /// What makes a telling no report of something new.
    StatusWords {
        /// *not*, *no*, *tidak*, *bukan*.
        negation,
        /// *could*, *may*, *mungkin*, *feared*, *risk of*, *ability to*.
        hypothetical,
        /// *will*, *akan*, *plans to*, *scheduled*.
        planned,
        /// *foiled*, *thwarted*, *digagalkan*: it was tried and did not happen.
        foiled,
        /// *called off*, *postponed*, *ditunda*.
        cancelled,
        /// *under way*, *is being*, *sedang berlangsung*.
        ongoing,
        /// *anniversary*, *decades ago*, *pada masa*, *in the war of*.
        historical,
        /// *again*, *latest*, *kembali*, *baru saja*.
        recent,
        /// *condemned*, *mengecam*: the object is known already.
        reaction,
    }
    /// Who says so.
    Attribution {
        /// *said*, *mengatakan*.
        say,
        /// *according to*, *menurut*: the speaker follows.
        according_to,
        /// *confirmed*, *reported*, *detected*, *mengonfirmasi*.
        confirm,
        /// *claimed responsibility*, *announced it had*, *mengaku bertanggung jawab*.
        claim,
        /// *denied*, *membantah*.
        deny,
        /// *accused*, *blamed*, *menuding*: the object is said to be the doer.
        accuse,
        /// *citing*, *dikutip dari*, *melansir*: the medium follows.
        cite,
        /// *told*, *kepada*: a medium after it only listens.
        tell,
    }
    /// What a phrase points at.
    Reference {
        /// *the*, *that*, *tersebut*, *itu*: already spoken of.
        definite,
        /// *a*, *an*, *sebuah*: new.
        indefinite,
        /// *another*, *separate*, *lainnya*: one more.
        other,
        /// *previous*, *earlier*, *sebelumnya*: an older one.
        previous,
        /// *its*, *their*, *we*, *pihaknya*: the speaker's own.
        own,
        /// *and*, *dan*, *serta*: joins parties that do or say one thing.
        and,
    }
    /// Words beside numbers.
    Bounds {
        /// *at least*, *setidaknya*, *sedikitnya*.
        at_least,
        /// *up to*, *hingga*, *at most*.
        at_most,
        /// *more than*, *lebih dari*.
        more_than,
        /// *fewer than*, *kurang dari*.
        less_than,
        /// *about*, *sekitar*.
        about,
        /// *km*, *percent*, *years*, *dollars*: the number before counts something else.
        unit,
    }
    /// Words of the dead and wounded.
    Casualties {
        /// *killed*, *dead*, *tewas*.
        killed,
        /// *wounded*, *luka-luka*.
        injured,
        /// *no casualties*, *tidak ada korban jiwa*.
        nobody_killed,
        /// *no injuries*.
        nobody_injured,
    }
}

/// The function words of a language.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GrammarFile {
    /// Active and passive.
    pub voice: Voice,
    /// Prepositions and postpositions.
    pub prepositions: Prepositions,
    /// Clause boundaries.
    pub clauses: Clauses,
    /// Negation, modality, time.
    pub status: StatusWords,
    /// Speakers.
    pub attribution: Attribution,
    /// Articles and pointers.
    pub reference: Reference,
    /// Bounds of numbers.
    pub bounds: Bounds,
    /// The dead and wounded.
    pub casualties: Casualties,
    /// Number words and what they are worth: `dua = 2`.
    pub numbers: BTreeMap<String, u32>,
    /// Words that give a lower bound only: `puluhan = 20`, `several = 2`.
    pub vague_numbers: BTreeMap<String, u32>,
    /// Words that multiply the number before: `ribu = 1000`.
    pub multipliers: BTreeMap<String, u32>,
}
