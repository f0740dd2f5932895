//! Names to make people of. The lists are of common names from many places; who gets which is drawn, so nobody in particular is meant.

/// Given names that are mostly given to girls.
pub const GIVEN_SHE: &[&str] = &[
    "Abena", "Adriana", "Aisha", "Alice", "Alma", "Amara", "Ana", "Anjali", "Astrid", "Ayla", "Beatriz", "Camila", "Carmen", "Charlotte", "Chloe",
    "Clara", "Daniela", "Deborah", "Delia", "Elena", "Elisabeth", "Emma", "Esperanza", "Esther", "Fatima", "Francesca", "Gabriela", "Giulia",
    "Grace", "Hana", "Hannah", "Ifeoma", "Ines", "Ingrid", "Isabel", "Jasmine", "Josephine", "Katherine", "Keiko", "Lakshmi", "Layla", "Leilani",
    "Lucia", "Madeleine", "Malia", "Margaret", "Maria", "Mei", "Miriam", "Naomi", "Natalia", "Nia", "Olivia", "Parisa", "Priya", "Rebecca", "Renée",
    "Rosa", "Salma", "Sofia", "Soledad", "Sumaya", "Tamar", "Thuy", "Valentina", "Victoria", "Yasmin", "Ximena", "Yara", "Zoë",
];

/// Given names that are mostly given to boys.
pub const GIVEN_HE: &[&str] = &[
    "Abdul", "Adrian", "Alejandro", "Alexander", "Amir", "Andre", "Anthony", "Arjun", "Babak", "Benjamin", "Bilal", "Bruno", "Caleb", "Carlos",
    "Chidi", "Christopher", "Daniel", "David", "Diego", "Dmitri", "Edward", "Elijah", "Emeka", "Emmanuel", "Erik", "Ethan", "Felix", "Francisco",
    "Gabriel", "Gregory", "Hassan", "Hiroshi", "Hugo", "Ibrahim", "Isaac", "Ivan", "Jamal", "James", "Javier", "Joaquín", "Jonathan", "José",
    "Joshua", "Kareem", "Kenji", "Kofi", "Kwame", "Lars", "Liam", "Luis", "Malik", "Manuel", "Marcus", "Mateo", "Matthew", "Michael", "Minh",
    "Nathaniel", "Nikhil", "Oscar", "Pablo", "Patrick", "Rafael", "Rashid", "Samuel", "Sanjay", "Sebastián", "Tomás", "Victor", "William", "Yusuf",
];

/// Given names that are given to everybody.
pub const GIVEN_THEY: &[&str] = &[
    "Alexis", "Ariel", "Avery", "Blake", "Cameron", "Casey", "Charlie", "Dakota", "Devon", "Eden", "Emerson", "Finley", "Frankie", "Harper",
    "Hayden", "Jamie", "Jordan", "Jules", "Kai", "Kendall", "Lane", "Logan", "Marley", "Morgan", "Nico", "Noor", "Parker", "Quinn", "Reese", "Remy",
    "Riley", "River", "Robin", "Rowan", "Sage", "Sasha", "Skyler", "Taylor", "Toni", "Tracy",
];

/// What people of a name are often called.
pub const CALLED: &[(&str, &str)] = &[
    ("Alejandro", "Alex"),
    ("Alexander", "Sasha"),
    ("Anthony", "Tony"),
    ("Benjamin", "Ben"),
    ("Charlotte", "Lottie"),
    ("Christopher", "Chris"),
    ("Daniel", "Dan"),
    ("Daniela", "Dani"),
    ("Deborah", "Debbie"),
    ("Edward", "Ned"),
    ("Elisabeth", "Liz"),
    ("Esperanza", "Espe"),
    ("Francesca", "Fran"),
    ("Francisco", "Paco"),
    ("Gabriel", "Gabe"),
    ("Gabriela", "Gabi"),
    ("Gregory", "Greg"),
    ("Isabel", "Isa"),
    ("Jonathan", "Jon"),
    ("José", "Pepe"),
    ("Josephine", "Josie"),
    ("Joshua", "Josh"),
    ("Katherine", "Kat"),
    ("Madeleine", "Maddie"),
    ("Manuel", "Manny"),
    ("Margaret", "Maggie"),
    ("Matthew", "Matt"),
    ("Michael", "Mike"),
    ("Nathaniel", "Nate"),
    ("Rafael", "Rafa"),
    ("Rebecca", "Becca"),
    ("Samuel", "Sam"),
    ("Sebastián", "Bash"),
    ("Valentina", "Vale"),
    ("Victoria", "Vicky"),
    ("William", "Will"),
];

/// Family names.
pub const FAMILY: &[&str] = &[
    "Abbott", "Acheampong", "Adeyemi", "Aguilar", "Ahmed", "Ali", "Almeida", "Alvarez", "Andersen", "Appiah", "Asante", "Bailey", "Baptiste",
    "Barros", "Begay", "Bell", "Bennett", "Bergström", "Bianchi", "Boateng", "Brooks", "Bui", "Cabral", "Campbell", "Cardoso", "Castillo", "Chan",
    "Chandra", "Chavez", "Chen", "Cho", "Clarke", "Cohen", "Coleman", "Contreras", "Cooper", "Cruz", "da Silva", "Dang", "Davies", "Delgado",
    "Desai", "Diallo", "Diaz", "Dixon", "Doan", "Dominguez", "Dubois", "Duarte", "Edwards", "Eriksen", "Espinoza", "Evans", "Farah", "Fernandes",
    "Figueroa", "Fischer", "Flores", "Foster", "Fuentes", "Garcia", "Goldberg", "Gomes", "Gonzalez", "Graham", "Greene", "Gutierrez", "Haddad",
    "Hall", "Hansen", "Harris", "Hassan", "Hernandez", "Hill", "Hoang", "Huang", "Hughes", "Hussein", "Ibarra", "Ito", "Iyer", "Jackson", "Jensen",
    "Jimenez", "Johansson", "Jones", "Joseph", "Kamara", "Kang", "Kaplan", "Kaur", "Kelly", "Khan", "Kim", "Kovac", "Kowalski", "Kumar", "Lam",
    "Larsen", "Le", "Lee", "Lewis", "Liu", "Lopez", "Ly", "Malik", "Martin", "Mendoza", "Mensah", "Miller", "Mohamed", "Monteiro", "Morales",
    "Moreau", "Müller", "Murphy", "Nakamura", "Nelson", "Nguyen", "Novak", "Núñez", "O'Brien", "O'Connor", "Okafor", "Okoye", "Oliveira", "Ortiz",
    "Osei", "Owens", "Park", "Patel", "Pereira", "Perez", "Petrov", "Pham", "Pierre", "Popov", "Ramirez", "Ramos", "Reid", "Reyes", "Rivera",
    "Robinson", "Rossi", "Roy", "Sanchez", "Santos", "Sato", "Schneider", "Shah", "Sharma", "Silva", "Singh", "Solomon", "Sousa", "Stewart",
    "Suzuki", "Tanaka", "Tavares", "Thomas", "Torres", "Tran", "Tsosie", "Turner", "Vargas", "Vieira", "Walker", "Wang", "Watanabe", "Weber",
    "Wilson", "Wong", "Wright", "Xiong", "Yang", "Yazzie", "Young", "Zhang",
];

/// Places that schools are named for.
pub const PLACES: &[&str] = &[
    "Alder Valley", "Mill River", "Cedar Hollow", "Birch Hill", "Stony Brook", "Quarry Pond", "Fox Meadow", "Heron Point", "Maple Grove",
    "Old Orchard", "Pine Ridge", "Granite Falls", "Willow Creek", "Blackstone", "Harbor View", "Long Field", "Ash Grove", "Beaver Dam", "Clear Lake",
    "Deer Run", "Eagle Rock", "Fern Dale", "Green Gables", "High Bridge", "Iron Forge", "Juniper Flats", "Kettle Pond", "Linden Park", "Marsh Hawk",
    "North Star", "Otter Cove", "Prairie Wind", "Quiet Water", "Red Barn", "Sandy Neck", "Tall Oaks", "Upper Falls", "Vine Street", "Wolf Hollow",
    "Yellow Birch",
];

/// A name in plain letters, for user names and addresses.
pub fn plain(name: &str) -> String {
    name.chars()
        .filter_map(|letter| match letter {
            'á' | 'à' | 'â' | 'ä' | 'ã' => Some('a'),
            'é' | 'è' | 'ê' | 'ë' => Some('e'),
            'í' | 'ï' => Some('i'),
            'ó' | 'ö' | 'ô' => Some('o'),
            'ú' | 'ü' => Some('u'),
            'ñ' => Some('n'),
            letter if letter.is_ascii_alphanumeric() => Some(letter.to_ascii_lowercase()),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_hold_no_name_twice_and_every_name_has_plain_letters() {
        for list in [GIVEN_SHE, GIVEN_HE, GIVEN_THEY, FAMILY, PLACES] {
            let unique: std::collections::BTreeSet<_> = list.iter().collect();
            assert_eq!(unique.len(), list.len());
            for name in list {
                assert!(plain(name).len() + 3 > name.chars().count(), "{name}: {}", plain(name));
            }
        }
        assert_eq!(plain("Núñez"), "nunez");
        assert_eq!(plain("da Silva"), "dasilva");
        assert!(GIVEN_SHE.len() + GIVEN_HE.len() + GIVEN_THEY.len() >= 150 && FAMILY.len() >= 150);
    }
}
