//! Notices: what a person is told of what concerns a student, on record. That the rights pass (access.md, decision 4: 60 and 14 days ahead), and that an
//! emergency was declared (34 CFR 99.36, access.md 5.7).

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};

use crate::access::{Audience, RightsBasis};
use crate::field::Answered;
use crate::id::{EmergencyAccessId, NoticeId, PersonId, StudentId};
use crate::invalid::Invalid;

crate::words! {
    /// What a notice is about.
    NoticeKind {
        /// The rights over the file pass to the student.
        RightsPass = "rightsPass",
        /// Parts of the file were opened in an emergency.
        EmergencyAccess = "emergencyAccess",
    }
}

/// How many days before the rights pass it is told: once each.
pub const LEAD_DAYS: [u8; 2] = [60, 14];

/// The version of the words that new notices have. What was told once is told in the same words for good: a change of them is a version more.
pub const WORDS_VERSION: i32 = 1;

/// The notice that is due today of a change on a day: how many days ahead it was to be made. Of several that are due only the last, which says the
/// same; none once the day has come.
pub fn due_lead(change_on: NaiveDate, today: NaiveDate) -> Option<u8> {
    let due = |days: &u8| change_on.checked_sub_days(Days::new((*days).into())).is_some_and(|day| day <= today);
    if today < change_on { LEAD_DAYS.into_iter().filter(due).min() } else { None }
}

crate::view! {
    /// The words of a notice in one language.
    NoticeText
    required {
        /// The language (BCP 47): `en` or `es`.
        language: String,
        /// In one line.
        title: String,
        /// The whole.
        text: String,
    }
    optional {}
    example { "language": "en", "title": "The rights over Anna's learning plan pass to Anna on November 20, 2028", "text": "On November 20, 2028 …" }
}

impl crate::field::Field for NoticeText {
    fn read(_: &serde_json::Value) -> Result<Self, Invalid> {
        crate::field::wrong("not_sent", "The program writes the words.")
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::Ref::from_schema_name(<Self as crate::plain::View>::NAME).into()
    }
    #[cfg(feature = "wire")]
    fn schemas(named: &mut crate::wire::Named) {
        let schema = <Self as crate::plain::View>::schema(named);
        named.push((<Self as crate::plain::View>::NAME.to_owned(), schema.into()));
    }
}

crate::view! {
    /// What one person was told about one student.
    Notice
    required {
        /// The id.
        id: NoticeId,
        /// The student.
        student_id: StudentId,
        /// Who is told.
        person_id: PersonId,
        /// As whom.
        audience: Audience,
        /// About what.
        kind: NoticeKind,
        /// The day on which it happens, or happened.
        occurs_on: NaiveDate,
        /// The words, in every language there are: the district does not know which one its people read.
        texts: Answered<NoticeText>,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was made.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {
        /// How many days ahead it was to be made.
        lead_days: i32,
        /// The day on which it was to be made. It is made later where it was not known by then.
        due_on: NaiveDate,
        /// The emergency.
        emergency_access_id: EmergencyAccessId,
        /// When who is told acknowledged it.
        acknowledged_at: DateTime<Utc>,
    }
    example {
        "id": crate::wire_example_id(),
        "studentId": crate::wire_example_id(),
        "personId": crate::wire_example_id(),
        "audience": "guardian",
        "kind": "rightsPass",
        "occursOn": "2028-11-20",
        "texts": [{ "language": "en", "title": "The rights over Anna's learning plan pass to Anna on November 20, 2028", "text": "On November 20, 2028 …" }],
        "version": 1,
        "createdAt": "2028-09-21T05:04:05Z",
        "updatedAt": "2028-09-21T05:04:05Z",
        "leadDays": 60,
        "dueOn": "2028-09-21"
    }
}

/// What the words of a notice depend on.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// About what.
    pub kind: NoticeKind,
    /// To whom.
    pub audience: Audience,
    /// The day.
    pub occurs_on: NaiveDate,
    /// Why the rights pass.
    pub basis: Option<RightsBasis>,
    /// The student's given name.
    pub given_name: &'a str,
}

impl Words<'_> {
    /// The words in every language. Of why the rights pass only the age and the enrollment are told: what else is so is between student and custodian.
    pub fn texts(&self) -> Vec<NoticeText> {
        let text = |language: &str, [title, text]: [String; 2]| NoticeText { language: language.to_owned(), title, text };
        vec![text("en", self.english()), text("es", self.spanish())]
    }

    fn english(&self) -> [String; 2] {
        let (name, day) = (self.given_name, english_date(self.occurs_on));
        let because = match self.basis {
            Some(RightsBasis::Age) => "18 years of age",
            Some(RightsBasis::Postsecondary) => "at a postsecondary institution",
            _ => "an adult by law",
        };
        match (self.kind, self.audience) {
            (NoticeKind::RightsPass, Audience::Student) => [
                format!("The rights over your learning plan become yours on {day}"),
                format!(
                    "On {day} you are {because}. From that day on the rights over your learning plan are yours alone (34 CFR 99.5). Your parents or guardians read it no \
                     more, unless you consent to it, or the district has a document that you are their dependent for taxes. Consents that were signed before end on \
                     that day: sign again those that are to go on. You can let a parent read on by a consent that you sign from that day on."
                ),
            ],
            (NoticeKind::RightsPass, _) => [
                format!("The rights over {name}'s learning plan pass to {name} on {day}"),
                format!(
                    "On {day} {name} is {because}. From that day on the rights over the learning plan are {name}'s alone (34 CFR 99.5). You read it no more and sign no more, \
                     and consents that were signed before end, unless {name} signs them again. You read on if {name} consents to it from that day on, or if {name} is your \
                     dependent for taxes and you show this to the district's records custodian (34 CFR 99.31(a)(8))."
                ),
            ],
            (NoticeKind::EmergencyAccess, Audience::Custodian) => [
                format!("An emergency was declared about {name} on {day}"),
                "Parts of the file were opened in a health or safety emergency (34 CFR 99.36). See who declared it, why, and what was opened, and review it by its due day."
                    .to_owned(),
            ],
            (NoticeKind::EmergencyAccess, audience) => {
                let whose = if audience == Audience::Student { "your".to_owned() } else { format!("{name}'s") };
                [
                    format!("Parts of {whose} learning plan were opened in an emergency on {day}"),
                    format!(
                        "On {day} somebody of the school opened parts of {whose} file because health or safety was in danger (34 CFR 99.36). You can see who did it, why, \
                         which parts, and whom they told in the list of emergencies. A records custodian of the district reviews it."
                    ),
                ]
            }
        }
    }

    fn spanish(&self) -> [String; 2] {
        let (name, day) = (self.given_name, spanish_date(self.occurs_on));
        let because = |student: bool| match (self.basis, student) {
            (Some(RightsBasis::Age), true) => "cumples 18 años",
            (Some(RightsBasis::Age), false) => "cumple 18 años",
            (Some(RightsBasis::Postsecondary), true) => "asistes a una institución de educación superior",
            (Some(RightsBasis::Postsecondary), false) => "asiste a una institución de educación superior",
            (_, true) => "se te considera mayor de edad según la ley",
            (_, false) => "se considera mayor de edad según la ley",
        };
        match (self.kind, self.audience) {
            (NoticeKind::RightsPass, Audience::Student) => [
                format!("Los derechos sobre tu plan de aprendizaje pasan a ser tuyos el {day}"),
                format!(
                    "El {day} {}. Desde ese día los derechos sobre tu plan de aprendizaje son solo tuyos (34 CFR 99.5). Tus padres o tutores ya no lo leen, a menos que tú lo \
                     consientas o que el distrito tenga un documento de que dependes de ellos para los impuestos. Los consentimientos firmados antes terminan ese día: \
                     firma de nuevo los que deban continuar. Puedes permitir que tu padre o tu madre siga leyendo con un consentimiento que firmes desde ese día.",
                    because(true)
                ),
            ],
            (NoticeKind::RightsPass, _) => [
                format!("Los derechos sobre el plan de aprendizaje de {name} pasan a {name} el {day}"),
                format!(
                    "El {day} {name} {}. Desde ese día los derechos sobre el plan de aprendizaje son solo de {name} (34 CFR 99.5). Usted ya no lo lee ni firma, y los \
                     consentimientos firmados antes terminan, a menos que {name} los firme de nuevo. Usted sigue leyendo si {name} lo consiente desde ese día, o si {name} \
                     depende de usted para los impuestos y usted lo demuestra ante el responsable de los expedientes del distrito (34 CFR 99.31(a)(8)).",
                    because(false)
                ),
            ],
            (NoticeKind::EmergencyAccess, Audience::Custodian) => [
                format!("Se declaró una emergencia sobre {name} el {day}"),
                "Se abrieron partes del expediente en una emergencia de salud o seguridad (34 CFR 99.36). Vea quién la declaró, por qué y qué se abrió, y revísela a más tardar \
                 el día indicado."
                    .to_owned(),
            ],
            (NoticeKind::EmergencyAccess, Audience::Student) => [
                format!("Se abrieron partes de tu plan de aprendizaje en una emergencia el {day}"),
                format!(
                    "El {day} alguien de la escuela abrió partes de tu expediente porque la salud o la seguridad estaba en peligro (34 CFR 99.36). En la lista de emergencias \
                     puedes ver quién lo hizo, por qué, qué partes y a quién se lo dijo. Un responsable de los expedientes del distrito lo revisa."
                ),
            ],
            (NoticeKind::EmergencyAccess, Audience::Guardian) => [
                format!("Se abrieron partes del plan de aprendizaje de {name} en una emergencia el {day}"),
                format!(
                    "El {day} alguien de la escuela abrió partes del expediente de {name} porque la salud o la seguridad estaba en peligro (34 CFR 99.36). En la lista de \
                     emergencias usted puede ver quién lo hizo, por qué, qué partes y a quién se lo dijo. Un responsable de los expedientes del distrito lo revisa."
                ),
            ],
        }
    }
}

const ENGLISH: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const SPANISH: [&str; 12] =
    ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"];

fn month(names: &'static [&'static str; 12], day: NaiveDate) -> &'static str {
    usize::try_from(day.month0()).ok().and_then(|month| names.get(month)).copied().unwrap_or_default()
}

fn english_date(day: NaiveDate) -> String {
    format!("{} {}, {}", month(&ENGLISH, day), day.day(), day.year())
}

fn spanish_date(day: NaiveDate) -> String {
    format!("{} de {} de {}", day.day(), month(&SPANISH, day), day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_notice_is_due_60_and_14_days_ahead_and_never_on_the_day() {
        let change = day("2027-03-01");
        let leads = |today: &str| due_lead(change, day(today));
        assert_eq!((leads("2026-12-30"), leads("2026-12-31")), (None, Some(60)));
        assert_eq!((leads("2027-02-14"), leads("2027-02-15")), (Some(60), Some(14)));
        assert_eq!((leads("2027-02-28"), leads("2027-03-01"), leads("2027-03-02")), (Some(14), None, None));
        assert_eq!(due_lead(NaiveDate::MIN, NaiveDate::MIN), None);
    }

    #[test]
    fn the_words_name_day_and_way_out_in_both_languages_and_nothing_of_why_an_adult_by_law() {
        for audience in Audience::ALL {
            for kind in NoticeKind::ALL {
                for basis in [None].into_iter().chain(RightsBasis::ALL.iter().copied().map(Some)) {
                    let texts = Words { kind: *kind, audience: *audience, occurs_on: day("2028-11-20"), basis, given_name: "Anna" }.texts();
                    let [english, spanish] = texts.as_slice() else { panic!("two languages") };
                    assert!(
                        english.title.contains("November 20, 2028") && spanish.title.contains("20 de noviembre de 2028"),
                        "{english:?} {spanish:?}"
                    );
                    for text in [english, spanish] {
                        assert!(text.text.contains("34 CFR 99") && !text.text.contains("  "), "{text:?}");
                        let whole = format!("{} {}", text.title, text.text).to_lowercase();
                        assert!(["mckinney", "emancipat", "homeless"].iter().all(|word| !whole.contains(word)), "{whole}");
                        assert_eq!(whole.contains("anna"), *audience != Audience::Student, "{whole}");
                    }
                }
            }
        }
    }
}
