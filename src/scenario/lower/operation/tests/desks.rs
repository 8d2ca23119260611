//! Desks, holds, exceptions, contacts, follow-ups.

use super::*;
use crate::model::{
    ContactCause, DiversionEnd, DiversionId, DiversionKind, Fate, Layer, SlaClock, SlaId, SourceId, Staff, StationId,
    Strikes,
};

const BASE: &str = r#"
[[station]]
name = "pick"
servers = 2
takes = "2m"
next = "done"
[[desk]]
name = "risk desk"
owner = "payments lead"
people = 2
takes = "6m"
[[sla]]
name = "four hours"
within = "4h"
target = "95%"
"#;

fn base(rest: &str) -> Model {
    model(&format!("{BASE}{rest}"))
}

fn base_refusal(rest: &str) -> String {
    refusal(&format!("{BASE}{rest}"))
}

fn hold(keys: &str) -> String {
    format!("[[hold]]\nname = \"fraud review\"\nshare = \"2%\"\nowner = \"risk desk\"\n{keys}\n")
}

fn exception(keys: &str) -> String {
    format!("[[exceptions.class]]\nname = \"short pick\"\nat = \"pick\"\nowner = \"risk desk\"\n{keys}\n")
}

#[test]
fn holds() {
    let model = base(&hold(""));
    let held = &model.diversions[0];
    assert_eq!((held.kind, held.chance, held.per_line), (DiversionKind::Hold, 0.02, false));
    assert_eq!(held.strikes, Strikes::From(vec![SourceId(0)]));
    assert_eq!((held.desk, held.owner.as_deref()), (StationId(1), Some("payments lead")));
    assert_eq!(
        (held.takes.fixed, held.clock, held.ends.as_slice()),
        (360.0, SlaClock::Runs, &[(1.0, DiversionEnd::GoesOn)][..])
    );
    let Staff::Pool(pool) = model.stations[1].staff else { panic!("people work there") };
    assert_eq!((model.pools[pool.index()].roster.most(), model.stations[1].layer), (2, Layer::Exceptions));
    let by_hour = base(&hold(&format!("by_hour = [{}]\nsla_clock = \"starts at release\"", "1.5,".repeat(24))));
    assert_eq!((by_hour.diversions[0].by_hour.len(), by_hour.diversions[0].clock), (24, SlaClock::StartsAtRelease));
}

#[test]
fn other_work_is_not_held_unless_it_is_named() {
    let receiving = "[[source]]\nname = \"receiving\"\nkind = \"work\"\nrate = \"2/h\"\nnext = \"pick\"\n";
    let all = base(&format!("{receiving}{}", hold("")));
    assert_eq!(all.diversions[0].strikes, Strikes::From(vec![SourceId(0)]));
    let named = base(&format!("{receiving}{}", hold("sources = [\"receiving\"]")));
    assert_eq!(named.diversions[0].strikes, Strikes::From(vec![SourceId(1)]));
}

#[test]
fn ends() {
    let ends = |keys: &str| base(&exception(&format!("chance = \"1%\"\n{keys}"))).diversions[0].ends.clone();
    let pick = StationId(0);
    assert_eq!(ends("then = \"pick\""), [(1.0, DiversionEnd::Enters(pick))]);
    assert_eq!(ends("then = \"goes on\""), [(1.0, DiversionEnd::GoesOn)]);
    assert_eq!(ends("then = \"cancel\""), [(1.0, DiversionEnd::Cancel)]);
    assert_eq!(ends("then = \"split off\""), [(1.0, DiversionEnd::SplitOff(pick))]);
    assert_eq!(ends("then = \"re-ship\""), [(1.0, DiversionEnd::Reship(pick))]);
    assert_eq!(ends("then = { re_ship = \"pick\" }"), [(1.0, DiversionEnd::Reship(pick))]);
    let listed =
        ends("ends = [{ share = \"75%\", then = \"pick\" }, { share = \"25%\", then = { split_off = \"pick\" } }]");
    assert_eq!(listed, [(0.75, DiversionEnd::Enters(pick)), (0.25, DiversionEnd::SplitOff(pick))]);
    let table = ends("ends = { pick = \"50%\", \"goes on\" = \"50%\" }");
    assert_eq!(table, [(0.5, DiversionEnd::GoesOn), (0.5, DiversionEnd::Enters(pick))]);
}

#[test]
fn exceptions() {
    let model = base(&format!(
        "[exceptions]\nfactor = 3\n{}",
        exception("chance = \"0.8% per line\"\ntakes = \"1h\"\nthen = \"pick\"\ndraws_as = \"short\"")
    ));
    let class = &model.diversions[0];
    assert_eq!((model.exception_factor, class.kind), (3.0, DiversionKind::Exception));
    assert_eq!(
        (class.per_line, class.chance, class.takes.fixed, class.draws_as.as_str()),
        (true, 0.008, 3_600.0, "short")
    );
    assert_eq!(class.strikes, Strikes::After(vec![StationId(0)]));
}

#[test]
fn desks_holds_and_exceptions_that_make_no_sense() {
    refused(
        &[
            (&hold("sources = [\"wep shop\"]"), "did you mean `web shop`?"),
            (&hold("by_hour = [1, 2]"), "2 factors, not 24"),
            (&hold("ends = { release = \"80%\", cancel = \"10%\" }"), "add up to 90%, not 100%"),
            (&hold("ends = { \"split off\" = \"100%\" }"), "from which station?"),
            (&hold("ends = { \"re leased\" = \"100%\" }"), "no station called \"re leased\""),
            (&hold("sla_clock = \"stops\""), "is not a word for the SLA clock"),
            (&hold("").replace("risk desk", "risc desk"), "did you mean `risk desk`?"),
            (&hold("").replace("\"2%\"", "2"), "did you mean share = \"2%\"?"),
            (&hold("intercept = true"), "not in this version"),
            (&exception("chance = \"1%\""), "what becomes of the order afterwards"),
            (&exception("chance = \"1% per parcel\"\nthen = \"pick\""), "a chance per parcel is not in this version"),
            (&exception("chance = \"1%\"\nthen = \"pick\"\nends = { pick = \"100%\" }"), "both say what becomes"),
            (&exception("chance = \"1%\"\nthen = \"done\""), "\"done\" is no station"),
            (&exception("chance = \"1%\"\nthen = \"pick\"").replacen("\"pick\"", "\"pik\"", 1), "did you mean `pick`?"),
            (&exception("chance = \"1%\"\nthen = \"pick\"\nsilent = true"), "not in this version"),
            (
                &format!(
                    "{}{}",
                    hold(""),
                    exception("chance = \"1%\"\nthen = \"pick\"").replace("short pick", "fraud review")
                ),
                "two exceptions called",
            ),
            ("[[desk]]\nname = \"x\"\nabsent = \"5%\"\ntakes = \"1m\"\n", "these people are always there"),
            ("[[desk]]\nname = \"x\"\npool = \"floor\"\npeople = 3\ntakes = \"1m\"\n", "takes its people from a pool"),
            ("[[desk]]\nname = \"x\"\nworks = [{ from = \"09:00\", to = \"17:00\" }]\n", "a shift needs local time"),
        ],
        base_refusal,
    );
    let no_time = BASE.replace("takes = \"6m\"", "");
    assert!(refusal(&format!("{no_time}{}", hold(""))).contains("says how long a case takes"));
}

#[test]
fn contacts() {
    let cause = |cause: &str| {
        let text = format!("[[contact]]\nname = \"x\"\ncause = {cause}\nto = \"risk desk\"\ntakes = \"5m\"\n");
        base(&format!("{}{text}", hold(""))).contacts[0].cause.clone()
    };
    let late = cause("{ late = \"four hours\", per_day = 0.12 }");
    assert!(matches!(late, ContactCause::Lateness { sla: SlaId(0), per_day } if per_day == 0.12));
    let silent = cause("{ silent_for = \"3d\", per_day = 0.12 }");
    assert!(matches!(silent, ContactCause::Silence { after, per_day } if after.hours() == 72.0 && per_day == 0.12));
    let plain = cause("{ share = \"5.5%\", after = \"1d\" }");
    assert!(matches!(plain, ContactCause::Baseline { share, after } if share == 0.055 && after.mean() == 86_400.0));
    let slow = cause("{ dispatched_later_than = \"4h\", chance = \"20%\" }");
    assert!(
        matches!(slow, ContactCause::LateDispatch { later_than, chance } if later_than.hours() == 4.0 && chance == 0.2)
    );
    let struck = cause("{ struck_by = \"fraud review\", chance = \"30%\" }");
    assert!(matches!(struck, ContactCause::Struck { by: DiversionId(0), chance } if chance == 0.3));
}

#[test]
fn contacts_and_follow_ups_that_make_no_sense() {
    let contact = |cause: &str, rest: &str| {
        format!("[[contact]]\nname = \"x\"\ncause = {cause}\nto = \"risk desk\"\ntakes = \"5m\"\n{rest}\n")
    };
    let plain = "{ share = \"5%\" }";
    refused(
        &[
            (&contact("{ late = \"five hours\", per_day = 0.1 }", ""), "did you mean `four hours`?"),
            (&contact("{ late = \"four hours\", per_day = 0 }", ""), "is zero"),
            (&contact("{ struck_by = \"fraud\", chance = \"3%\" }", ""), "there is no exception called"),
            (&contact("{ share = \"5%\", late = \"four hours\" }", ""), "cannot stand together"),
            (&contact(plain, "settled = \"72%\""), "nothing says when the customer writes again"),
            (&contact(plain, "channel = \"chat\""), "not in this version"),
            (&contact(plain, "").replace("risk desk", "support"), "no station called \"support\""),
            ("[[follow_up]]\nname = \"r\"\nshare = \"120%\"\nafter = \"9d\"\nto = \"pick\"\n", "more than 100%"),
        ],
        base_refusal,
    );
}

#[test]
fn follow_ups() {
    let model = base(&format!(
        "{}[[follow_up]]\nname = \"returns\"\nshare = \"20%\"\nafter = \"9d\"\nto = \"pick\"\npriority = 3\n",
        hold("")
    ));
    let work = &model.follow_ups[0];
    assert_eq!((work.share, work.after.mean(), work.to, work.priority), (0.2, 777_600.0, Fate::To(StationId(0)), 3));
}
