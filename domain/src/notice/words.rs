//! The words of notices, in English and Spanish.

use chrono::{Datelike, NaiveDate};

use super::{NoticeKind, NoticeText};
use crate::access::{Audience, RightsBasis};

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
            (kind, Audience::Custodian) => custodian_english(kind, name, &day),
            (kind, audience) => family_english(kind, &english_whose(audience, name), &day),
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
            (kind, Audience::Custodian) => custodian_spanish(kind, name, &day),
            (kind, audience) => family_spanish(kind, &spanish_whose(audience, name), &day),
        }
    }
}

fn english_whose(audience: Audience, name: &str) -> String {
    if audience == Audience::Student { "your".to_owned() } else { format!("{name}'s") }
}

fn spanish_whose(audience: Audience, name: &str) -> String {
    if audience == Audience::Student { "tu plan de aprendizaje".to_owned() } else { format!("el plan de aprendizaje de {name}") }
}

/// To a custodian: what waits, or what became of it.
fn custodian_english(kind: NoticeKind, name: &str, day: &str) -> [String; 2] {
    let (what, law) = match kind {
        NoticeKind::InspectionRequest => {
            ("to inspect the file. Answer it by its due day; until then you read what it is about, and nothing of that is removed", "99.10")
        }
        NoticeKind::HearingRequested => {
            ("for a hearing on a record that is not amended. Set it, with somebody to hear it who has no direct interest in its outcome", "99.22")
        }
        _ => ("to amend a record of the file. Decide it within a reasonable time; until then you read the section that it stands in", "99.20"),
    };
    [format!("The family of {name} asks for something on {day}"), format!("The family asks {what} (34 CFR {law}).")]
}

fn custodian_spanish(kind: NoticeKind, name: &str, day: &str) -> [String; 2] {
    let (what, law) = match kind {
        NoticeKind::InspectionRequest => (
            "revisar el expediente. Respóndala a más tardar el día indicado; hasta entonces usted lee aquello de lo que trata y nada de ello se elimina",
            "99.10",
        ),
        NoticeKind::HearingRequested => {
            ("una audiencia sobre un registro que no se corrige. Fíjela, con alguien que la presida sin interés directo en el resultado", "99.22")
        }
        _ => ("corregir un registro del expediente. Decídala en un plazo razonable; hasta entonces usted lee la sección en la que está", "99.20"),
    };
    [format!("La familia de {name} presenta una solicitud el {day}"), format!("La familia solicita {what} (34 CFR {law}).")]
}

/// To student and guardians.
fn family_english(kind: NoticeKind, whose: &str, day: &str) -> [String; 2] {
    let [title, text] = match kind {
        NoticeKind::InspectionRequest => [
            "A request to inspect {whose} learning plan came in on {day}",
            "A records custodian wrote down that your family asks to inspect the file (34 CFR 99.10). You see the request, and until when it is answered, in the list of requests. \
             If nobody of you asked for it, tell the district, or withdraw it.",
        ],
        NoticeKind::AmendmentRequest => [
            "A request to amend {whose} learning plan came in on {day}",
            "A records custodian wrote down that your family asks to amend a record of the file (34 CFR 99.20). You see it in the list of requests. If nobody of you asked for \
             it, tell the district, or withdraw it.",
        ],
        NoticeKind::AmendmentGranted => [
            "A record of {whose} learning plan is amended: decided on {day}",
            "The district amends the record as your family asked (34 CFR 99.20(b), 99.21(b)(1)). The reasons are in the request.",
        ],
        NoticeKind::AmendmentRefused => [
            "A record of {whose} learning plan is not amended: decided on {day}",
            "The district does not amend the record as your family asked. The reasons are in the request. You have the right to a hearing (34 CFR 99.20(c), 99.21): ask for it on \
             the request. There you show what speaks for the change, with whom you want beside you, and somebody without a direct interest decides. You may also place a \
             statement: whoever sees the record sees it.",
        ],
        NoticeKind::HearingSet => [
            "The hearing on {whose} learning plan is on {day}",
            "Its time and place, and who hears it, are in the request (34 CFR 99.22). You may show all that bears on the matter, and be helped or represented by whom you choose, at \
             your own cost; an attorney may be among them. The decision comes in writing, with the evidence and the reasons.",
        ],
        NoticeKind::AmendmentRefusedAfterHearing => [
            "A record of {whose} learning plan is not amended after its hearing: decided on {day}",
            "What the hearing found is in the request. You have the right to place a statement on the record (34 CFR 99.21(b)(2)), with what you have to say or why you disagree. \
             It is kept with the record, and whoever sees the record sees it.",
        ],
        _ => [
            "Your rights over {whose} learning plan, told on {day}",
            "Students of 18 years, or at a postsecondary institution, and the parents or guardians of all others have the right to inspect the file, to ask for the amendment of \
             what is inaccurate, misleading or against the student's privacy, to consent before it is disclosed to others, except where the law lets it be disclosed without, and to complain to the Student Privacy \
             Policy Office of the U.S. Department of Education (34 CFR 99.7). How to do so here, who counts as a school official, and what as a legitimate educational \
             interest, the district says in its annual notice.",
        ],
    };
    [title, text].map(|text| text.replace("{whose}", whose).replace("{day}", day))
}

fn family_spanish(kind: NoticeKind, whose: &str, day: &str) -> [String; 2] {
    let [title, text] = match kind {
        NoticeKind::InspectionRequest => [
            "El {day} llegó una solicitud para revisar {whose}",
            "Un responsable de los expedientes anotó que su familia solicita revisar el expediente (34 CFR 99.10). La solicitud, y hasta cuándo se responde, está en la lista de \
             solicitudes. Si nadie de ustedes la hizo, avisen al distrito o retírenla.",
        ],
        NoticeKind::AmendmentRequest => [
            "El {day} llegó una solicitud para corregir {whose}",
            "Un responsable de los expedientes anotó que su familia solicita corregir un registro del expediente (34 CFR 99.20). Está en la lista de solicitudes. Si nadie de \
             ustedes la hizo, avisen al distrito o retírenla.",
        ],
        NoticeKind::AmendmentGranted => [
            "Se corrige un registro de {whose}: decidido el {day}",
            "El distrito corrige el registro como lo solicitó su familia (34 CFR 99.20(b), 99.21(b)(1)). Las razones están en la solicitud.",
        ],
        NoticeKind::AmendmentRefused => [
            "No se corrige un registro de {whose}: decidido el {day}",
            "El distrito no corrige el registro como lo solicitó su familia. Las razones están en la solicitud. Ustedes tienen derecho a una audiencia (34 CFR 99.20(c), 99.21): \
             solicítenla en la solicitud. Allí muestran lo que apoya el cambio, con quien quieran a su lado, y decide alguien sin interés directo. También pueden dejar una \
             declaración: quien vea el registro la verá.",
        ],
        NoticeKind::HearingSet => [
            "La audiencia sobre {whose} es el {day}",
            "La hora, el lugar y quién la preside están en la solicitud (34 CFR 99.22). Ustedes pueden mostrar todo lo que venga al caso y recibir ayuda o representación de quien \
             elijan, a su propio costo, incluso de un abogado. La decisión llega por escrito, con las pruebas y las razones.",
        ],
        NoticeKind::AmendmentRefusedAfterHearing => [
            "No se corrige un registro de {whose} después de la audiencia: decidido el {day}",
            "Lo que resultó de la audiencia está en la solicitud. Ustedes tienen derecho a dejar una declaración en el registro (34 CFR 99.21(b)(2)), con lo que tengan que decir \
             o por qué no están de acuerdo. Se conserva con el registro, y quien vea el registro la verá.",
        ],
        _ => [
            "Sus derechos sobre {whose}, comunicados el {day}",
            "Los estudiantes de 18 años, o en una institución de educación superior, y los padres o tutores de todos los demás tienen derecho a revisar el expediente, a solicitar \
             que se corrija lo inexacto, engañoso o contrario a la privacidad del estudiante, a consentir antes de que se revele a otros, salvo cuando la ley lo permite sin \
             consentimiento, y a presentar una queja ante la Student Privacy Policy Office del Departamento de Educación de los Estados Unidos (34 CFR 99.7). Cómo hacerlo aquí, quién \
             cuenta como funcionario escolar y qué como interés educativo legítimo lo dice el distrito en su aviso anual.",
        ],
    };
    [title, text].map(|text| text.replace("{whose}", whose).replace("{day}", day))
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
