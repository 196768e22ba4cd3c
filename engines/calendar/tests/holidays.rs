//! Public holidays against lists written out by hand.

use calendar::{HolidayName, Region, holidays, local_holidays};

fn days(region: &str, year: i16) -> Vec<String> {
    let region: Region = region.parse().expect("a known region");
    holidays(region, year).iter().map(|(date, _)| date.strftime("%m-%d").to_string()).collect()
}

#[test]
fn the_holidays_of_2026_are_the_published_ones() {
    for (region, expected) in [
        ("DE-BE", "01-01 03-08 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26"),
        ("DE-BY", "01-01 01-06 04-03 04-06 05-01 05-14 05-25 06-04 10-03 11-01 12-25 12-26"),
        ("DE-BB", "01-01 04-03 04-05 04-06 05-01 05-14 05-24 05-25 10-03 10-31 12-25 12-26"),
        ("DE-HH", "01-01 04-03 04-06 05-01 05-14 05-25 10-03 10-31 12-25 12-26"),
        ("DE-NW", "01-01 04-03 04-06 05-01 05-14 05-25 06-04 10-03 11-01 12-25 12-26"),
        ("DE-SL", "01-01 04-03 04-06 05-01 05-14 05-25 06-04 08-15 10-03 11-01 12-25 12-26"),
        ("DE-SN", "01-01 04-03 04-06 05-01 05-14 05-25 10-03 10-31 11-18 12-25 12-26"),
        ("DE-TH", "01-01 04-03 04-06 05-01 05-14 05-25 09-20 10-03 10-31 12-25 12-26"),
        ("AT", "01-01 01-06 04-06 05-01 05-14 05-25 06-04 08-15 10-26 11-01 12-08 12-25 12-26"),
        ("CH-ZH", "01-01 04-03 04-06 05-01 05-14 05-25 08-01 12-25 12-26"),
        ("CH-BE", "01-01 01-02 04-03 04-06 05-14 05-25 08-01 12-25 12-26"),
        ("CH-LU", "01-01 01-02 04-03 04-06 05-14 05-25 06-04 08-01 08-15 11-01 12-08 12-25 12-26"),
        ("CH-GE", "01-01 04-03 04-06 05-14 05-25 08-01 09-10 12-25 12-31"),
        ("CH-SG", "01-01 04-03 04-06 05-14 05-25 08-01 11-01 12-25 12-26"),
        (
            "CH-TI",
            "01-01 01-06 03-19 04-06 05-01 05-14 05-25 06-04 06-29 08-01 08-15 11-01 12-08 12-25 12-26",
        ),
    ] {
        assert_eq!(days(region, 2026).join(" "), expected, "{region}");
    }
}

#[test]
fn holidays_that_came_later_or_once_carry_their_year() {
    for (region, year, day, is_holiday) in [
        ("DE-BE", 2018, "03-08", false),
        ("DE-BE", 2019, "03-08", true),
        ("DE-BE", 2025, "05-08", true),
        ("DE-BE", 2026, "05-08", false),
        ("DE-BE", 2028, "06-17", true),
        ("DE-MV", 2022, "03-08", false),
        ("DE-MV", 2023, "03-08", true),
        ("DE-HH", 2016, "10-31", false),
        ("DE-BW", 2017, "10-31", true),
        ("DE-BW", 2018, "10-31", false),
        ("DE-NI", 2018, "10-31", true),
        ("CH-NE", 2023, "01-02", true),
        ("CH-NE", 2024, "01-02", false),
        ("CH-UR", 2023, "12-26", false),
        ("CH-UR", 2024, "12-26", true),
    ] {
        assert_eq!(days(region, year).contains(&day.to_owned()), is_holiday, "{region} {year}-{day}");
    }
}

#[test]
fn the_days_of_patrons_and_of_parishes_are_offered_and_not_kept_unasked() {
    let local = |region: &str| {
        let region: Region = region.parse().expect("a known region");
        let days = local_holidays(region, 2026);
        days.iter()
            .map(|(date, name)| format!("{} {}", date.strftime("%m-%d"), name.german()))
            .collect::<Vec<_>>()
    };
    for (region, expected) in [
        ("AT-2", vec!["03-19 Josefstag", "10-10 Tag der Volksabstimmung"]),
        ("AT-4", vec!["05-04 Florian"]),
        ("AT-9", vec!["11-15 Leopold"]),
        ("DE-BY", vec!["08-08 Augsburger Friedensfest", "08-15 Mariä Himmelfahrt"]),
        ("CH-ZH", vec!["01-02 Berchtoldstag"]),
        ("DE-BE", vec![]),
    ] {
        assert_eq!(local(region), expected, "{region}");
    }
    assert_eq!(days("AT-7", 2026), days("AT", 2026));
}

#[test]
fn every_region_has_christmas_once_and_its_days_in_order() {
    for region in Region::ALL {
        for year in 1995..=2100 {
            let days = holidays(*region, year);
            let christmas = days.iter().filter(|(_, name)| *name == HolidayName::Christmas).count();
            assert_eq!(christmas, 1, "{region} {year}");
            assert!(days.is_sorted() && (5..=16).contains(&days.len()), "{region} {year}");
            let local = local_holidays(*region, year);
            assert!(local.iter().all(|day| !days.contains(day)), "{region} {year}");
        }
    }
}

#[test]
fn regions_are_read_by_their_iso_code() {
    for region in Region::ALL {
        assert_eq!(region.code().to_lowercase().parse(), Ok(*region));
    }
    assert!("DE".parse::<Region>().is_err());
}

#[test]
fn years_out_of_reach_have_no_holidays() {
    assert!(days("AT", 1899).is_empty());
    assert!(days("AT", i16::MAX).is_empty());
}
