//! A year of nightly snapshots ends in exactly the state that the truth says.

use chrono::{Days, NaiveDate};
use openilp_domain::id::DistrictId;
use openilp_domain::roster::{HoldReason, ImportStatus};

use super::bundles::id;
use super::truth::{District, Expected, LINES, Student, schools_of};
use super::world::World;

/// A generator of its own, so that a seed means the same year everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }

    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(u64::try_from(of.len()).unwrap())).unwrap()]
    }
}

fn newcomer(random: &mut Random, grade: u8) -> Student {
    Student { name: "Anew".into(), grade, school: random.one_of(&schools_of(grade)), visits: None, present: true, enabled: true }
}

pub fn beginning(random: &mut Random) -> District {
    let students = (0..60).map(|n| (n, newcomer(random, 6 + u8::try_from(n % 7).unwrap()))).collect();
    District { year: 2027, students }
}

/// Something happens to one student, or to nobody.
pub fn live(district: &mut District, random: &mut Random) {
    let here: Vec<u32> = district.students.iter().filter(|(_, s)| s.present).map(|(n, _)| *n).collect();
    let gone: Vec<u32> = district.students.iter().filter(|(_, s)| !s.present && s.grade <= 12).map(|(n, _)| *n).collect();
    let chosen = random.one_of(&here);
    let next = district.students.keys().last().unwrap() + 1;
    let student = district.students.get_mut(&chosen).unwrap();
    match random.below(12) {
        // A move to the other school of the grade, or a class there besides.
        0 | 1 => (student.school, student.visits) = (random.one_of(&schools_of(student.grade)), None),
        2 => student.visits = schools_of(student.grade).into_iter().find(|school| *school != student.school),
        3 => student.visits = None,
        4 | 5 => student.present = false,
        6 | 7 if !gone.is_empty() => {
            let returning = district.students.get_mut(&random.one_of(&gone)).unwrap();
            (returning.present, returning.school, returning.visits) = (true, random.one_of(&schools_of(returning.grade)), None);
        }
        8 => {
            let grade = 6 + u8::try_from(random.below(7)).unwrap();
            district.students.insert(next, newcomer(random, grade));
        }
        9 => student.enabled = !student.enabled,
        10 => student.name = format!("Name{}", random.below(1000)),
        _ => {}
    }
}

/// Everybody goes up a grade; who was in the twelfth leaves; a new sixth grade comes.
fn new_school_year(district: &mut District, random: &mut Random) {
    district.year += 1;
    for student in district.students.values_mut() {
        student.grade += 1;
        (student.present, student.visits) = (student.present && student.grade <= 12, None);
        if student.grade == 9 {
            student.school = random.one_of(&schools_of(9));
        }
    }
    let next = district.students.keys().last().unwrap() + 1;
    for n in next..next + 8 {
        district.students.insert(n, newcomer(random, 6));
    }
}

struct Year {
    world: World,
    district: DistrictId,
    expected: Expected,
    today: NaiveDate,
}

impl Year {
    async fn check(&self, night: u32, what: &str) {
        check(&self.world, &self.expected, &format!("night {night}, {}, {what}", self.today)).await;
    }
}

/// That the database holds what is expected, and nothing else.
pub async fn check(world: &World, expected: &Expected, when: &str) {
    let client = world.connector().client().await.unwrap();
    let mut lines: Vec<String> = client.query(LINES, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    lines.sort();
    let expected = expected.lines();
    let missing: Vec<_> = expected.iter().filter(|line| lines.binary_search(line).is_err()).collect();
    let too_many: Vec<_> = lines.iter().filter(|line| expected.binary_search(line).is_err()).collect();
    let same = missing.is_empty() && too_many.is_empty() && lines.len() == expected.len();
    assert!(same, "{when}: missing {missing:#?}, too many {too_many:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn r13_r15_r40_a_year_of_nightly_snapshots_ends_in_the_state_that_the_truth_says() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let mut year = Year { world, district, expected: Expected::default(), today: NaiveDate::from_ymd_opt(2026, 9, 8).unwrap() };
    let mut random = Random(20_260_908);
    let mut truth = beginning(&mut random);
    let old_year = truth.clone();
    let (mut held, mut refused, mut taken_back) = (0, 0, 0);
    for night in 0..180 {
        // The school year ends in June and the next begins in August: the nights between are few.
        year.today = match night {
            130 => NaiveDate::from_ymd_opt(2027, 8, 20).unwrap(),
            _ => year.today + Days::new(2),
        };
        year.world.set_clock(&format!("{}T08:00:00Z", year.today + Days::new(0)));
        if night == 130 {
            new_school_year(&mut truth, &mut random);
        } else if night > 0 && random.below(10) < 6 {
            live(&mut truth, &mut random);
        }
        let mut roster = truth.roster();
        match night {
            // The system sends half of the district.
            40 | 150 => {
                let half: Vec<_> =
                    roster.users.iter().filter(|u| u.sourced_id.as_str().starts_with('s')).step_by(2).map(|u| u.sourced_id.clone()).collect();
                roster.users.retain(|row| !half.contains(&row.sourced_id));
                roster.roles.retain(|row| !half.contains(&row.user_sourced_id));
                roster.enrollments.retain(|row| !half.contains(&row.user_sourced_id));
                let ended = year.world.import(year.district, &roster.zip()).await;
                assert_eq!(ended.import.status, ImportStatus::Held);
                assert_eq!(ended.report().hold.as_ref().unwrap().reasons, [HoldReason::Shrink]);
                year.check(night, "a broken night").await;
                held += 1;
                continue;
            }
            // A file of last year comes once more.
            160 => {
                let ended = year.world.import(year.district, &old_year.roster().zip()).await;
                assert_eq!(ended.import.status, ImportStatus::Held);
                assert!(ended.report().hold.as_ref().unwrap().reasons.contains(&HoldReason::EarlierSchoolYear));
                year.check(night, "a file of last year").await;
                held += 1;
                continue;
            }
            // Somebody mistypes an id.
            _ if night % 23 == 7 => {
                roster.enrollments.last_mut().unwrap().class_sourced_id = id("no-such-class");
                assert_eq!(year.world.import(year.district, &roster.zip()).await.import.status, ImportStatus::Refused);
                year.check(night, "a typo").await;
                refused += 1;
                continue;
            }
            _ => {}
        }
        let before = year.expected.clone();
        let mut ended = year.world.import(year.district, &roster.zip()).await;
        // Once more after its first load has been taken back.
        if night == 130 || night == 131 {
            assert_eq!(ended.import.status, ImportStatus::Held, "the twelfth grade leaves");
            year.check(night, "held").await;
            ended = year.world.release(year.district, &ended).await;
        }
        assert_eq!(ended.import.status, ImportStatus::Applied, "night {night}: {:?}", ended.import.report);
        year.expected.load(&truth, year.today);
        year.check(night, "loaded").await;
        if night % 17 == 11 {
            let back = year.world.take_back(year.district, ended.import.id).await;
            assert_eq!(back.import.status, ImportStatus::Applied, "night {night}: {:?}", back.faults);
            year.expected = before;
            year.check(night, "taken back").await;
            taken_back += 1;
        }
    }
    assert!(held == 3 && refused > 5 && taken_back > 5, "{held} {refused} {taken_back}");
    // The journal tells of every change once, in order.
    let gap_free =
        "select min(position) = 1 and max(position) = count(*) and max(position) = (select head from feeds) from changes where position is not null";
    assert_eq!(year.world.value(gap_free).await, "true");
}
