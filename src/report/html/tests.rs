use super::*;
use crate::experiment::RunIdentity;
use crate::experiment::fixture::{parts, records};
use crate::model::{Model, ModelParts};
use crate::observation::{Cause, ReplicationRecord};
use crate::scenario::load::Assumption;

fn shown(change: impl Fn(&mut ModelParts), told: impl Fn(&mut ReplicationRecord), count: u64) -> String {
    let mut parts = parts();
    change(&mut parts);
    let model = Model::assemble(parts).unwrap();
    let mut records = records(count);
    records.iter_mut().for_each(told);
    let identity = RunIdentity { hash: "feed".to_owned(), seed: 7, asked: count, confidence: 0.95 };
    let results = Results::fold(&model, &identity, &records);
    let assumption = |what: &str, source: Option<&str>, assumed| Assumption {
        what: what.to_owned(),
        source: source.map(str::to_owned),
        assumed,
    };
    let assumptions = [
        assumption("Pickers do 110 lines an hour.", Some("WMS, October"), false),
        assumption("One order in fifty is held.", None, true),
    ];
    let command = command_line("scenarios/black-friday.toml", 7, count, &[]);
    let facts = ReportFacts::of(&model, Some("Will Friday hold?"), &assumptions, command);
    // No-break spaces are for the eye.
    String::from_utf8(page(&results, &facts)).unwrap().replace('\u{a0}', " ")
}

fn fixture() -> String {
    shown(|_| (), |_| (), 8)
}

/// What a reader sees of the elements that `tag` opens.
fn texts(page: &str, tag: &str) -> Vec<String> {
    let closing = format!("</{}>", tag.split(' ').next().unwrap());
    let opening = format!("<{tag}");
    let parts = page.split(&opening).skip(1);
    parts.map(|part| part.split_once('>').unwrap().1.split(&closing).next().unwrap().trim().to_owned()).collect()
}

#[test]
fn page_one_says_what_breaks_when_it_recovers_and_why() {
    let page = fixture();
    let front = page.split("<nav").next().unwrap();
    for told in [
        "Will Friday hold?",
        "Breached",
        "is breached, on Friday 27 November, 18:00",
        "The target is missed for the last time on Saturday 28 November; after that it has recovered.",
        "101 of 1,409 orders due in a run are late",
        "no person free at &#39;pick&#39;",
        "1 of the 2 stated assumptions are guesses",
        "<th scope=\"row\">Fri 27 Nov</th>",
        "101 <small>(93 to 110)</small>",
        "<th scope=\"col\" class=\"number\">room for</th>",
        "Room for: the most average orders",
    ] {
        assert!(front.contains(told), "{told} is missing in\n{front}");
    }
}

#[test]
fn other_results_give_another_verdict_cause_and_titles() {
    let before = fixture();
    let kept = shown(|parts| parts.slas[0].target = 0.85, |_| (), 8);
    assert!(texts(&kept, "p class=\"answer\"")[0].contains("The SLA is kept."));
    assert!(texts(&kept, "p class=\"badge\"")[0].contains("Kept") && !kept.contains("promise below target"));

    // The sync is to blame instead of the pickers, and the queue stands there.
    let blamed = |record: &mut ReplicationRecord| {
        for cell in &mut record.slas[0].ledger {
            if cell.station == Some(1) {
                (cell.station, cell.cause) = (Some(0), Cause::Backoff as u8);
            }
        }
        record.timeline.queue.swap(0, 1);
    };
    let after = shown(|_| (), blamed, 8);
    let titles = |page: &str| texts(page, "figcaption");
    assert!(titles(&before)[0].contains("The queue at &#39;pick&#39;"), "{:?}", titles(&before));
    assert!(titles(&after)[0].contains("The queue at &#39;order sync&#39;"), "{:?}", titles(&after));
    assert!(
        titles(&before).iter().any(|title| title.ends_with("come from waiting for a free person at &#39;pick&#39;"))
    );
    assert!(
        titles(&after).iter().any(|title| title.ends_with("waiting before another attempt at &#39;order sync&#39;"))
    );
    assert!(after.split("<nav").next().unwrap().contains("backoff at &#39;order sync&#39;"));
}

#[test]
fn the_same_results_give_the_same_bytes() {
    assert_eq!(fixture(), fixture());
}

#[test]
fn nothing_is_loaded_and_nothing_runs() {
    let page = fixture();
    for foreign in ["<script", "http:", "https:", "<link", "<img", "@import", "url(", "javascript:", " on"] {
        let found = page.match_indices(foreign).find(|(at, _)| foreign != " on" || handler(&page[*at..]));
        assert!(found.is_none(), "{foreign}: {found:?}");
    }
}

/// Whether an attribute such as `onload=` begins here.
fn handler(at: &str) -> bool {
    let word: String = at.trim_start().chars().take_while(char::is_ascii_alphabetic).collect();
    at.trim_start()[word.len()..].starts_with('=')
}

/// A page in which everything that has a name is called something bad.
fn hostile() -> String {
    let name = "</title></style><script>alert('x')</script>&\"";
    let rename = |parts: &mut ModelParts| {
        parts.title = name.to_owned();
        parts.stations[1].name = name.to_owned();
        parts.diversions[0].name = name.to_owned();
        parts.diversions[0].owner = Some(name.to_owned());
        parts.slas[0].name = name.to_owned();
        parts.slas[0].definition = name.to_owned();
        parts.pools[1].name = name.to_owned();
        parts.measures[0].name = name.to_owned();
    };
    shown(rename, |_| (), 8)
}

#[test]
fn hostile_names_stay_words() {
    let page = hostile();
    assert!(!page.contains("<script") && !page.contains("alert('"));
    for tag in ["title", "style", "svg", "table", "details", "figure", "section", "desc"] {
        let opened = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

#[test]
fn every_chart_has_a_title_a_description_and_its_data() {
    let page = fixture();
    let charts: Vec<&str> = page.split("<svg ").skip(1).map(|part| part.split("</svg>").next().unwrap()).collect();
    assert_eq!(charts.len(), 3, "a queue, the ledger and the heatmap");
    for chart in charts {
        let id = chart.split("aria-labelledby=\"").nth(1).unwrap().split("-title").next().unwrap();
        let title = &texts(chart, &format!("title id=\"{id}-title\""))[0];
        let description = &texts(chart, &format!("desc id=\"{id}-description\""))[0];
        assert!(title.len() > 20 && description.len() > 80 && title != description, "{title} {description}");
        assert!(chart.starts_with("viewBox=") && chart.contains("role=\"img\""));
    }
    let captions = texts(&page, "caption");
    for data in ["The queues in numbers", "The lateness ledger", "People at work over heads rostered"] {
        assert!(captions.iter().any(|caption| caption.starts_with(data)), "{data}: {captions:?}");
    }
}

#[test]
fn an_exception_that_nobody_owns_is_named_in_words_and_marked() {
    let page = fixture();
    assert!(page.contains("The one hold or exception is owned by nobody: &#39;short pick&#39; (10 in a run)."));
    assert!(page.contains("<td class=\"bad\">nobody</td>"));
    let owned = shown(|parts| parts.diversions[0].owner = Some("stock lead".to_owned()), |_| (), 8);
    assert!(owned.contains("The one hold or exception has an owner.") && !owned.contains(">nobody<"));
}

#[test]
fn one_run_is_shown_without_intervals_and_without_a_verdict() {
    let page = shown(|_| (), |_| (), 1);
    assert!(texts(&page, "p class=\"badge\"")[0].contains("Inconclusive"));
    assert!(page.contains("One replication has no interval, so no SLA is judged"));
    assert!(page.contains("below, without an interval") && !page.contains("eight runs of ten"));
}

#[test]
fn a_partial_run_says_so_on_page_one() {
    let limited = |record: &mut ReplicationRecord| {
        if record.replication == 3 {
            record.end = crate::observation::RunEnd::EventLimit;
        }
    };
    let page = shown(|_| (), limited, 8);
    assert!(page.split("<nav").next().unwrap().contains("These results are partial"));
    assert!(page.contains("Replication 3 reached the limit of events"));
}

#[test]
fn the_page_tells_how_to_get_it_again_and_what_is_taken_for_granted() {
    let page = fixture();
    assert!(page.contains("<code>peaksim run scenarios/black-friday.toml --seed 7 --reps 8</code>"));
    assert!(page.contains("<td class=\"open\">a guess</td>") && page.contains("WMS, October"));
}

#[test]
fn all_five_rows_of_the_scorecard_are_there_with_what_they_count() {
    let page = fixture();
    let card = page.split("id=\"scorecard\"").nth(1).unwrap().split("</section>").next().unwrap();
    assert_eq!(
        texts(card, "th scope=\"row\""),
        [
            "order sync success rate",
            "inventory discrepancy rate",
            "dispatch SLA attainment",
            "exception resolution time",
            "support tickets per 100 orders"
        ]
    );
    assert!(card.contains("10 exceptions of 1 class in a run") && card.contains("101 late of 1,409 due in a run"));
    assert!(card.contains("<td class=\"plain\">–</td><td class=\"plain\">nothing to count in this scenario</td>"));
}

#[test]
fn equipment_stands_with_its_use_and_the_wait_for_it() {
    let page = fixture();
    let table = page.split("<caption>Equipment").nth(1).unwrap().split("</table>").next().unwrap();
    for told in ["<th scope=\"row\">carts</th>", ">pick<", ">4<", "60 %", "22.7 %", "33.1 min"] {
        assert!(table.contains(told), "{told} is missing in {table}");
    }
    let none = |parts: &mut ModelParts| {
        parts.stations[1].equipment = None;
        parts.stations[1].equipment_kinds.clear();
    };
    assert!(!shown(none, |_| (), 8).contains("<caption>Equipment"));
}

#[test]
fn a_number_and_its_unit_stay_on_one_line() {
    let facts = ReportFacts::default();
    let identity = RunIdentity { hash: String::new(), seed: 7, asked: 8, confidence: 0.95 };
    let results = Results::fold(&Model::assemble(parts()).unwrap(), &identity, &records(8));
    let page = String::from_utf8(page(&results, &facts)).unwrap();
    assert!(page.contains("101\u{a0}of 1,409\u{a0}orders due") && page.contains("Fri\u{a0}27\u{a0}Nov"));
}

#[test]
fn without_chance_one_run_is_judged_and_says_why() {
    let without_chance = |parts: &mut ModelParts| {
        parts.diversions.clear();
        parts.contacts.clear();
        parts.stations[1].route = crate::model::Route::always(crate::model::Fate::To(crate::model::StationId(2)));
        let steps = vec![crate::model::IntensityStep { from: crate::time::SimTime::ZERO, per_hour: 40.0 }];
        parts.sources[0].arrivals = crate::model::Arrivals::Even(crate::model::Intensity::Steps(steps));
    };
    let page = shown(without_chance, |_| (), 1);
    assert!(texts(&page, "p class=\"badge\"")[0].contains("Breached"));
    assert!(page.contains("Nothing in the scenario is random: every run is the same"));
    assert!(!page.contains("without an interval") && !page.contains("no SLA is judged"));
}
