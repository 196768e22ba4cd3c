//! Which region keeps which holiday.
//!
//! Sources: the holiday acts of the Länder, the Austrian Feiertagsruhegesetz, and the Federal Office
//! of Justice's list of cantonal holidays, as of 2026.

use crate::HolidayName::{
    self, AllSaints, Ascension, Assumption, AugsburgPeace, AustrianNationalDay, BerchtoldsDay, BrotherKlaus,
    ChildrensDay, Christmas, CorpusChristi, EasterMonday, EasterSunday, Epiphany, FastMonday, Florian,
    GenevaFast, GermanUnity, GoodFriday, ImmaculateConception, JuraIndependence, LabourDay, Leopold,
    LiberationDay, Martin, NaefelserFahrt, NewYear, PeterAndPaul, PlebisciteDay, Reformation, Repentance,
    RepublicDayNeuchatel, RestorationGeneva, Rupert, SaintJoseph, SaintStephen, SwissNationalDay,
    UprisingDay, WhitMonday, WhitSunday, WomensDay,
};
use crate::Region::{
    self, At1, At2, At3, At4, At5, At6, At7, At8, At9, ChAg, ChAi, ChAr, ChBe, ChBl, ChBs, ChFr, ChGe, ChGl,
    ChGr, ChJu, ChLu, ChNe, ChNw, ChOw, ChSg, ChSh, ChSo, ChSz, ChTg, ChTi, ChUr, ChVd, ChVs, ChZg, ChZh,
    DeBb, DeBe, DeBw, DeBy, DeHb, DeHe, DeHh, DeMv, DeNi, DeNw, DeRp, DeSh, DeSl, DeSn, DeSt, DeTh,
};

/// Holidays of the whole region by law in `year`.
pub(crate) fn statutory(region: Region, year: i16) -> Vec<HolidayName> {
    let code = region.code();
    if code.starts_with("DE") {
        return german(region, year);
    }
    if code.starts_with("CH") {
        let national = [NewYear, Ascension, SwissNationalDay, Christmas];
        return [national.to_vec(), cantonal(region)].concat();
    }
    AUSTRIAN.to_vec()
}

const AUSTRIAN: [HolidayName; 13] = [
    NewYear,
    Epiphany,
    EasterMonday,
    LabourDay,
    Ascension,
    WhitMonday,
    CorpusChristi,
    Assumption,
    AustrianNationalDay,
    AllSaints,
    ImmaculateConception,
    Christmas,
    SaintStephen,
];

const GERMAN: [HolidayName; 9] = [
    NewYear,
    GoodFriday,
    EasterMonday,
    LabourDay,
    Ascension,
    WhitMonday,
    GermanUnity,
    Christmas,
    SaintStephen,
];

fn german(region: Region, year: i16) -> Vec<HolidayName> {
    let own: &[HolidayName] = match region {
        DeBw | DeBy => &[Epiphany, CorpusChristi, AllSaints],
        DeBb => &[EasterSunday, WhitSunday, Reformation],
        DeHe => &[CorpusChristi],
        DeMv | DeTh => &[Reformation],
        DeNw | DeRp => &[CorpusChristi, AllSaints],
        DeSl => &[CorpusChristi, Assumption, AllSaints],
        DeSn => &[Reformation, Repentance],
        DeSt => &[Epiphany, Reformation],
        _ => &[],
    };
    // What came later, or once; the 500th anniversary of the Reformation was kept everywhere.
    let later: &[HolidayName] = match (region, year) {
        (DeBe, 2020 | 2025) => &[WomensDay, LiberationDay],
        (DeBe, 2028) => &[WomensDay, UprisingDay],
        (DeBe, 2019..) | (DeMv, 2023..) => &[WomensDay],
        (DeTh, 2019..) => &[ChildrensDay],
        (DeHb | DeHh | DeNi | DeSh, 2018..) => &[Reformation],
        (_, 2017) if !own.contains(&Reformation) => &[Reformation],
        _ => &[],
    };
    [&GERMAN, own, later].concat()
}

fn cantonal(canton: Region) -> Vec<HolidayName> {
    const EASTER: &[HolidayName] = &[GoodFriday, EasterMonday, WhitMonday];
    const CATHOLIC: &[HolidayName] = &[CorpusChristi, Assumption, AllSaints, ImmaculateConception];
    let lists: &[&[HolidayName]] = match canton {
        ChAg | ChBe => &[EASTER, &[BerchtoldsDay, SaintStephen]],
        ChAi => &[EASTER, CATHOLIC, &[SaintStephen]],
        ChAr => &[EASTER, &[SaintStephen]],
        ChBl | ChBs | ChSh | ChZh => &[EASTER, &[LabourDay, SaintStephen]],
        ChGe => &[EASTER, &[GenevaFast, RestorationGeneva]],
        ChGl => &[EASTER, &[NaefelserFahrt, AllSaints, SaintStephen]],
        ChGr => &[&[EasterMonday, WhitMonday, SaintStephen]],
        ChJu => {
            &[EASTER, &[BerchtoldsDay, LabourDay, CorpusChristi, JuraIndependence, Assumption, AllSaints]]
        }
        ChLu => &[EASTER, CATHOLIC, &[BerchtoldsDay, SaintStephen]],
        ChNe => &[&[BerchtoldsDay, RepublicDayNeuchatel, GoodFriday, LabourDay, CorpusChristi, SaintStephen]],
        ChNw => &[CATHOLIC, &[SaintJoseph, GoodFriday]],
        ChOw => &[CATHOLIC, &[GoodFriday, BrotherKlaus]],
        ChSg => &[EASTER, &[AllSaints, SaintStephen]],
        ChSz | ChUr => &[EASTER, CATHOLIC, &[Epiphany, SaintJoseph, SaintStephen]],
        ChTg => &[EASTER, &[BerchtoldsDay, LabourDay, SaintStephen]],
        ChTi => &[
            CATHOLIC,
            &[Epiphany, SaintJoseph, EasterMonday, LabourDay, WhitMonday, PeterAndPaul, SaintStephen],
        ],
        ChVd => &[EASTER, &[BerchtoldsDay, FastMonday]],
        ChVs => &[CATHOLIC, &[SaintJoseph]],
        ChZg => &[CATHOLIC, &[GoodFriday]],
        _ => &[&[GoodFriday]],
    };
    lists.concat()
}

/// Holidays of parts of the region, or by custom.
pub(crate) fn local(region: Region) -> Vec<HolidayName> {
    let names: &[HolidayName] = match region {
        At1 => &[Martin],
        At2 => &[SaintJoseph, PlebisciteDay],
        At3 | At9 => &[Leopold],
        At4 => &[Florian],
        At5 => &[Rupert],
        At6 | At7 | At8 => &[SaintJoseph],
        DeBy => &[AugsburgPeace, Assumption],
        DeSn | DeTh => &[CorpusChristi],
        ChAg => &[LabourDay, CorpusChristi, Assumption, AllSaints, ImmaculateConception],
        ChFr => &[
            BerchtoldsDay,
            EasterMonday,
            WhitMonday,
            CorpusChristi,
            Assumption,
            AllSaints,
            ImmaculateConception,
            SaintStephen,
        ],
        ChGl | ChSg | ChSh | ChZh => &[BerchtoldsDay],
        ChGr => &[GoodFriday],
        ChNw | ChOw | ChVs | ChZg => &[BerchtoldsDay, EasterMonday, WhitMonday, SaintStephen],
        ChSo => &[
            BerchtoldsDay,
            EasterMonday,
            LabourDay,
            WhitMonday,
            CorpusChristi,
            Assumption,
            AllSaints,
            SaintStephen,
        ],
        _ => &[],
    };
    names.to_vec()
}
