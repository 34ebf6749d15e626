//! `idioms.toml`: phrases that mean something else, and words of fields where weapons are play or figure.

use serde::Deserialize;

use super::Form;

/// What keeps the analysis quiet.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IdiomsFile {
    /// Phrases that hide every word in them: *bom waktu*, *serangan jantung*, *bombshell*.
    pub idiom: Vec<Form>,
    /// Words of film, series and books.
    pub fiction: Vec<Form>,
    /// Words of games.
    pub game: Vec<Form>,
    /// Words of sport.
    pub sport: Vec<Form>,
    /// Words of markets and companies.
    pub business: Vec<Form>,
    /// Words of accidents: gas, fireworks, mines.
    pub accident: Vec<Form>,
    /// Words of ordinary crime: robbery, jealousy, family.
    pub crime: Vec<Form>,
    /// Words of civil spaceflight, firemen's drills, old ordnance and the like.
    pub civil: Vec<Form>,
}

impl IdiomsFile {
    pub(super) fn absorb(&mut self, other: Self) {
        self.idiom.extend(other.idiom);
        self.fiction.extend(other.fiction);
        self.game.extend(other.game);
        self.sport.extend(other.sport);
        self.business.extend(other.business);
        self.accident.extend(other.accident);
        self.crime.extend(other.crime);
        self.civil.extend(other.civil);
    }
}
