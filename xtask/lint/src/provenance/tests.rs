use super::is_date;

#[test]
fn only_existing_days_in_the_form_year_month_day_are_dates() {
    for good in ["2023-06-29", "2024-02-29", "2000-02-29"] {
        assert!(is_date(good), "{good}");
    }
    for bad in [
        "2023-6-29",
        "2023-02-29",
        "1900-02-29",
        "2023-13-01",
        "2023-04-31",
        "2023-04-00",
        "29.06.2023",
        "",
        "2023-06-29-1",
        "+023-06-29",
    ] {
        assert!(!is_date(bad), "{bad}");
    }
}
