//! The wall between districts, as PostgreSQL has it: probes of the catalogue and of what the service's role can do
//! (reference: 21 probes of row-level security). Lists of exemptions may only shrink.

use openilp_tests::cluster::TestDatabase;
use openilp_tests::ids;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

/// Tables without the wall: registers that hold no personal data and are read before a district is known.
const WITHOUT_WALL: &[&str] = &["client_assertions", "clients", "deployment", "districts", "issuers", "keys", "schema_migrations"];
/// Tables of a district that no foreign key ties to it: what operators do to the deployment itself, and share with all, stands under no district;
/// records of access and rows of the collection are written from rows that were just read inside it.
const WITHOUT_DISTRICT_KEY: &[&str] =
    &["access_record_students", "access_records", "changes", "clients", "frameworks", "idempotency_keys", "ilp_statuses", "issuers", "model_plans"];
/// Catalogues: of these every district reads the deployment's rows besides its own, and writes its own alone (app_catalogue_table).
const SHARED: &[&str] = &["framework_associations", "framework_items", "frameworks", "model_plans"];
/// What a district offers is read by the others too (R39).
const OFFERED: &str = "model_plans";
/// What the service may add to but never change or take away.
const APPEND_ONLY: &[&str] = &["access_record_students", "access_records", "changes", "disclosures"];

/// Functions that run with the owner's rights: the statistics of tables, which only their owner may gather.
const WITH_RIGHTS_OF_OWNER: &[&str] = &["app_analyze_roster"];

async fn names(client: &Client, query: &str) -> Vec<String> {
    client.query(query, &[]).await.unwrap().into_iter().map(|row| row.get(0)).collect()
}

/// The tables of districts, behind the wall.
async fn walled(client: &Client) -> Vec<String> {
    let query = "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relrowsecurity order by relname collate \"C\"";
    names(client, query).await
}

#[tokio::test]
async fn r131_every_table_stands_behind_the_wall_or_on_the_list() {
    let database = TestDatabase::from_template().await;
    let client = database.owner().await;
    let open = "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
                   and not (relrowsecurity and relforcerowsecurity) order by relname collate \"C\"";
    assert_eq!(names(&client, open).await, WITHOUT_WALL, "every table of a district calls app_tenant_table");
    let policies = "select tablename::text, roles::text, cmd, coalesce(qual, ''), coalesce(with_check, ''), permissive from pg_policies where schemaname = 'public' order by tablename collate \"C\"";
    let policies = client.query(policies, &[]).await.unwrap();
    let tables: Vec<String> = policies.iter().map(|row| row.get(0)).collect();
    let mut expected: Vec<String> =
        walled(&client).await.into_iter().chain(SHARED.iter().chain([&OFFERED]).map(|table| (*table).to_owned())).collect();
    expected.sort();
    assert_eq!(tables, expected, "one policy for each table, a second for each catalogue, a third for what is offered, and no more");
    // After a transaction that set it locally the setting is the empty string: hence nullif.
    const INSIDE: &str = "(district_id = (NULLIF(current_setting('app.district_id'::text, true), ''::text))::uuid)";
    const OF_THE_DEPLOYMENT: &str = "((district_id = '00000000-0000-0000-0000-000000000000'::uuid) AND (( SELECT (NULLIF(current_setting('app.district_id'::text, true), ''::text))::uuid AS \"nullif\") IS NOT NULL))";
    const OF_WHO_OFFERS_IT: &str =
        "(offered AND active AND (( SELECT (NULLIF(current_setting('app.district_id'::text, true), ''::text))::uuid AS \"nullif\") IS NOT NULL))";
    let (mut shared, mut offered) = (vec![], vec![]);
    for row in policies {
        let (table, roles, command, using, check, permissive): (String, String, String, String, String, String) =
            (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4), row.get(5));
        assert_eq!((roles.as_str(), permissive.as_str()), ("{openilp_app}", "PERMISSIVE"), "{table}");
        let [using, check] = [using, check].map(|rule| rule.split_whitespace().collect::<Vec<_>>().join(" "));
        match command.as_str() {
            "ALL" => assert_eq!((using.as_str(), check.as_str()), (INSIDE, INSIDE), "{table}"),
            "SELECT" if using == OF_WHO_OFFERS_IT => offered.push(table),
            // For reading alone: what a district writes is its own.
            "SELECT" => {
                assert_eq!((using.as_str(), check.as_str()), (OF_THE_DEPLOYMENT, ""), "{table}");
                shared.push(table);
            }
            other => panic!("{table} has a policy for {other}"),
        }
    }
    assert_eq!((shared, offered), (SHARED.iter().map(|table| (*table).to_owned()).collect(), vec![OFFERED.to_owned()]));
}

#[tokio::test]
async fn the_role_of_the_service_owns_nothing_and_gets_round_nothing() {
    let database = TestDatabase::from_template().await;
    let client = database.owner().await;
    let role = "select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolcanlogin or rolreplication or rolinherit from pg_roles where rolname = 'openilp_app'";
    assert!(!client.query_one(role, &[]).await.unwrap().get::<_, bool>(0));
    let owned = "select relname::text from pg_class where relowner = 'openilp_app'::regrole union all select proname::text from pg_proc where proowner = 'openilp_app'::regrole";
    assert_eq!(names(&client, owned).await, [""; 0]);
    let memberships = "select roleid::regrole::text from pg_auth_members where member = 'openilp_app'::regrole";
    assert_eq!(names(&client, memberships).await, [""; 0]);
    let creates = "select nspname::text from pg_namespace where has_schema_privilege('openilp_app', oid, 'create') and nspname !~ '^pg_(temp|toast)'";
    assert_eq!(names(&client, creates).await, [""; 0]);
    assert!(!client.query_one("select has_database_privilege('openilp_app', current_database(), 'create')", &[]).await.unwrap().get::<_, bool>(0));
    let more = "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')
                  and (has_table_privilege('openilp_app', oid, 'truncate') or has_table_privilege('openilp_app', oid, 'references') or has_table_privilege('openilp_app', oid, 'trigger'))";
    assert_eq!(names(&client, more).await, [""; 0]);
    let definers = "select proname::text from pg_proc where pronamespace = 'public'::regnamespace and prosecdef order by 1";
    assert_eq!(names(&client, definers).await, WITH_RIGHTS_OF_OWNER);
    let loose = "select proname::text from pg_proc where pronamespace = 'public'::regnamespace and prosecdef and not coalesce(array_to_string(proconfig, ',') like '%search_path=%', false)";
    assert_eq!(names(&client, loose).await, [""; 0], "what runs with the owner's rights finds its tables by itself");
    let append_only = "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relrowsecurity
                         and has_table_privilege('openilp_app', oid, 'insert') and not has_table_privilege('openilp_app', oid, 'update') and not has_table_privilege('openilp_app', oid, 'delete') order by relname collate \"C\"";
    assert_eq!(names(&client, append_only).await, APPEND_ONLY);
    let columns = "select attname::text from pg_attribute where attrelid = 'changes'::regclass and attnum > 0 and has_column_privilege('openilp_app', attrelid, attnum, 'update')";
    assert_eq!(names(&client, columns).await, ["position"], "of a change only its position is set later");
}

#[tokio::test]
async fn views_see_what_their_caller_sees() {
    let database = TestDatabase::from_template().await;
    let client = database.owner().await;
    let lax = "select relname::text from pg_class where relnamespace = 'public'::regnamespace and (relkind = 'm' or relkind = 'v' and not coalesce(reloptions @> '{security_invoker=true}', false))";
    assert_eq!(names(&client, lax).await, [""; 0]);
}

#[tokio::test]
async fn every_key_of_a_district_begins_with_the_district() {
    let database = TestDatabase::from_template().await;
    let client = database.owner().await;
    let first = "(select attname from pg_attribute where attrelid = c.oid and attnum = k[1])";
    let unique = format!(
        "select c.relname || ': ' || i.relname from pg_class c, lateral (select indexrelid, string_to_array(indkey::text, ' ')::int2[] as k from pg_index where indrelid = c.oid and indisunique) x
           join pg_class i on i.oid = x.indexrelid where c.relnamespace = 'public'::regnamespace and c.relrowsecurity and {first} <> 'district_id'"
    );
    assert_eq!(names(&client, &unique).await, [""; 0], "a key without the district tells that another district has the same value");
    let foreign = "select c.relname || ': ' || f.conname from pg_class c join pg_constraint f on f.conrelid = c.oid and f.contype = 'f' join pg_class t on t.oid = f.confrelid
                    where c.relnamespace = 'public'::regnamespace and t.relrowsecurity
                      and not ((select attname from pg_attribute where attrelid = c.oid and attnum = f.conkey[1]) = 'district_id'
                           and (select attname from pg_attribute where attrelid = t.oid and attnum = f.confkey[1]) = 'district_id')";
    assert_eq!(names(&client, foreign).await, [""; 0], "foreign keys are not bound by the wall: they begin with the district");
    let without = "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'district_id'
                    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
                      and not exists (select from pg_constraint f where f.conrelid = c.oid and f.contype = 'f' and a.attnum = f.conkey[1]) order by 1";
    assert_eq!(names(&client, without).await, WITHOUT_DISTRICT_KEY);
    let nullable = "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'district_id' where c.relnamespace = 'public'::regnamespace and c.relrowsecurity and not a.attnotnull";
    assert_eq!(names(&client, nullable).await, [""; 0]);
    let tables = "select c.relname::text from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not exists (select from pg_constraint where conrelid = c.oid and contype = 'p')";
    assert_eq!(names(&client, tables).await, [""; 0], "every table has a primary key");
}

#[tokio::test]
async fn every_foreign_key_has_an_index() {
    let database = TestDatabase::from_template().await;
    let client = database.owner().await;
    let bare = "select f.conrelid::regclass::text || ': ' || f.conname from pg_constraint f
                 where f.contype = 'f' and f.connamespace = 'public'::regnamespace
                   and not exists (select from pg_index i where i.indrelid = f.conrelid and i.indpred is null
                        and (select array_agg(k order by k) from unnest((string_to_array(i.indkey::text, ' ')::int2[])[1:cardinality(f.conkey)]) k)
                          = (select array_agg(k order by k) from unnest(f.conkey) k))";
    assert_eq!(names(&client, bare).await, [""; 0], "what is referred to cannot be removed or changed quickly");
}

#[tokio::test]
async fn every_constraint_has_a_name_of_our_own() {
    let database = TestDatabase::from_template().await;
    let client = database.owner().await;
    let automatic = "select conrelid::regclass::text || ': ' || conname from pg_constraint where connamespace = 'public'::regnamespace and contype in ('c', 'u', 'f', 'x')
                        and (conname ~ '_(check|key|fkey|excl)[0-9]*$' or conname !~ ('^' || (select relname from pg_class where oid = conrelid) || '_'))";
    assert_eq!(names(&client, automatic).await, [""; 0], "constraints are named <table>_<what>, for each is told to callers in its own words");
    let indexes =
        "select c.relname || ': ' || i.relname from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
                    where c.relnamespace = 'public'::regnamespace and (i.relname !~ ('^' || c.relname || '_') or i.relname ~ '_idx[0-9]*$')";
    assert_eq!(names(&client, indexes).await, [""; 0]);
}

#[tokio::test]
async fn columns_are_of_the_types_that_say_what_they_mean() {
    let database = TestDatabase::from_template().await;
    let client = database.owner().await;
    let odd = "select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and format_type(a.atttypid, null) not in
                      ('uuid', 'text', 'boolean', 'smallint', 'integer', 'bigint', 'date', 'bytea', 'jsonb', 'timestamp with time zone', 'double precision', 'uuid[]', 'text[]')";
    assert_eq!(names(&client, odd).await, [""; 0], "times have their zone, texts have no length that nobody chose");
}

/// A connection that is what the service is.
async fn service(database: &TestDatabase) -> Client {
    let client = database.owner().await;
    client.batch_execute("set role openilp_app").await.unwrap();
    client
}

/// What comes of some statements in one transaction inside a district.
async fn inside(client: &Client, district: impl std::fmt::Display, statements: &str) -> Result<(), SqlState> {
    let whole = format!("begin; set local app.district_id = '{district}'; {statements}; commit");
    let outcome = client.batch_execute(&whole).await.map_err(|e| e.code().cloned().unwrap());
    if outcome.is_err() {
        client.batch_execute("rollback").await.unwrap();
    }
    outcome
}

#[tokio::test]
async fn r131_outside_a_district_nothing_is_seen() {
    let database = TestDatabase::from_template().await;
    let (owner, client) = (database.owner().await, service(&database).await);
    let mut full = 0;
    for table in walled(&owner).await {
        let all: i64 = owner.query_one(&format!("select count(*) from {table}"), &[]).await.unwrap().get(0);
        let seen: i64 = client.query_one(&format!("select count(*) from {table}"), &[]).await.unwrap().get(0);
        assert_eq!(seen, 0, "{table} is seen without a district");
        if all > 0 {
            full += 1;
        }
    }
    assert!(full > 10, "the fixture fills only {full} tables: nothing is proven");
    let relations: i64 = client.query_one("select count(*) from student_relations", &[]).await.unwrap().get(0);
    assert_eq!(relations, 0, "student_relations");
}

#[tokio::test]
async fn r131_inside_a_district_nothing_of_another_is_seen() {
    let database = TestDatabase::from_template().await;
    let (owner, client) = (database.owner().await, service(&database).await);
    for district in [ids::ALDER, ids::BIRCH] {
        for table in walled(&owner).await {
            let mut own: i64 = owner.query_one(&format!("select count(*) from {table} where district_id = $1"), &[&district.0]).await.unwrap().get(0);
            if SHARED.contains(&table.as_str()) {
                own += owner
                    .query_one(&format!("select count(*) from {table} where district_id = $1"), &[&uuid::Uuid::nil()])
                    .await
                    .unwrap()
                    .get::<_, i64>(0);
            }
            client.batch_execute(&format!("begin; set local app.district_id = '{district}'")).await.unwrap();
            let seen: i64 = client.query_one(&format!("select count(*) from {table}"), &[]).await.unwrap().get(0);
            client.batch_execute("commit").await.unwrap();
            assert_eq!(seen, own, "{table} in {district}");
        }
    }
}

#[tokio::test]
async fn r131_a_district_ends_with_its_transaction() {
    let database = TestDatabase::from_template().await;
    let client = service(&database).await;
    for end in ["commit", "rollback"] {
        client.batch_execute(&format!("begin; set local app.district_id = '{}'", ids::ALDER)).await.unwrap();
        assert!(client.query_one("select count(*) from people", &[]).await.unwrap().get::<_, i64>(0) > 10);
        client.batch_execute(end).await.unwrap();
        // The setting is now the empty string: nothing is seen, and nothing fails either.
        assert_eq!(client.query_one("select count(*) from people", &[]).await.unwrap().get::<_, i64>(0), 0, "after {end}");
    }
}

#[tokio::test]
async fn r131_inside_a_district_nothing_is_written_into_another() {
    let database = TestDatabase::from_template().await;
    let (owner, client) = (database.owner().await, service(&database).await);
    let school = |district| {
        format!(
            "insert into schools (district_id, id, name, active, version, created_at, updated_at) values ('{district}', gen_random_uuid(), 'x', true, 1, '2026-01-01Z', '2026-01-01Z')"
        )
    };
    let denied = Err(SqlState::INSUFFICIENT_PRIVILEGE);
    assert_eq!(inside(&client, ids::BIRCH, &school(ids::ALDER)).await, denied);
    assert_eq!(inside(&client, ids::BIRCH, &school(ids::BIRCH)).await, Ok(()), "the control");
    assert_eq!(inside(&client, ids::BIRCH, &format!("update schools set district_id = '{}' where name = 'x'", ids::ALDER)).await, denied);
    let over = format!(
        "insert into schools (district_id, id, name, active, version, created_at, updated_at) values ('{}', '{}', 'x', true, 1, '2026-01-01Z', '2026-01-01Z') on conflict (district_id, id) do update set name = 'taken over'",
        ids::ALDER,
        ids::school(2)
    );
    assert_eq!(inside(&client, ids::BIRCH, &over).await, denied);
    for hidden in ["update people set given_name = 'x'", "delete from goals", "delete from external_identifiers"] {
        assert_eq!(
            inside(&client, ids::BIRCH, &format!("{hidden} where district_id = '{}'", ids::ALDER)).await,
            Ok(()),
            "{hidden}: no row is there to be touched"
        );
    }
    let untouched: i64 =
        owner.query_one("select count(*) from people where district_id = $1 and given_name = 'x'", &[&ids::ALDER.0]).await.unwrap().get(0);
    assert_eq!(untouched, 0);
    assert_eq!(
        owner.query_one("select count(*) from external_identifiers where district_id = $1", &[&ids::ALDER.0]).await.unwrap().get::<_, i64>(0),
        2
    );
}

#[tokio::test]
async fn r131_no_key_reaches_into_another_district() {
    let database = TestDatabase::from_template().await;
    let (owner, client) = (database.owner().await, service(&database).await);
    let link = format!(
        "insert into guardian_links (district_id, id, student_id, guardian_id, rights, valid_from, source, version, created_at, updated_at)
         values ('{}', gen_random_uuid(), '{}', '{}', 'full', '2026-01-01', 'x', 1, '2026-01-01Z', '2026-01-01Z')",
        ids::BIRCH,
        ids::ZOE,
        ids::ANNA
    );
    assert_eq!(inside(&client, ids::BIRCH, &link).await, Err(SqlState::FOREIGN_KEY_VIOLATION));
    let by_owner = owner.execute(&link, &[]).await.unwrap_err().code().cloned();
    assert_eq!(by_owner, Some(SqlState::FOREIGN_KEY_VIOLATION), "not even the owner can");
}

#[tokio::test]
async fn the_service_cannot_take_the_wall_down() {
    let database = TestDatabase::from_template().await;
    let client = service(&database).await;
    for statement in [
        "truncate goals",
        "alter table goals disable row level security",
        "drop policy tenant on goals",
        "create table public.mine (id int)",
        "drop table goals",
        "create function public.leak(text) returns bool language sql as 'select true'",
        "select * from schema_migrations",
        "update changes set reason = 'x'",
        "delete from changes",
        "delete from access_records",
        "update access_records set at = now()",
        "delete from districts",
        "update deployment set epoch = gen_random_uuid()",
        "create role other",
        "copy people to program 'cat'",
    ] {
        let refused = inside(&client, ids::ALDER, statement).await;
        assert_eq!(refused, Err(SqlState::INSUFFICIENT_PRIVILEGE), "{statement}");
    }
}

#[tokio::test]
async fn r131_r39_a_district_reads_what_all_share_and_writes_only_what_is_its_own() {
    let database = TestDatabase::from_template().await;
    let (owner, client) = (database.owner().await, service(&database).await);
    let deployment = uuid::Uuid::nil();
    let framework = |district: &dyn std::fmt::Display, title: &str| {
        format!(
            "insert into frameworks (district_id, id, title, creator, last_change, item_count, withdrawn_count, association_count, document, more, hash, version, created_at, updated_at)
             values ('{district}', '01920000-0000-7000-8000-0000000000f1', '{title}', 'x', '2026-01-01Z', 0, 0, 0, '{{}}', '{{}}', '', 1, '2026-01-01Z', '2026-01-01Z')"
        )
    };
    let denied = Err(SqlState::INSUFFICIENT_PRIVILEGE);
    // Nobody writes what all share but from within the deployment, nor what another district has.
    assert_eq!(inside(&client, ids::ALDER, &framework(&deployment, "shared")).await, denied);
    assert_eq!(inside(&client, ids::BIRCH, &framework(&ids::ALDER, "of Alder")).await, denied);
    assert_eq!(inside(&client, deployment, &framework(&deployment, "shared")).await, Ok(()), "the control");
    assert_eq!(inside(&client, ids::ALDER, &framework(&ids::ALDER, "of Alder")).await, Ok(()), "the control");
    for district in [ids::ALDER.0, ids::BIRCH.0] {
        let change = format!("update frameworks set title = 'taken over' where district_id = '{deployment}'");
        assert_eq!(inside(&client, district, &change).await, Ok(()), "no row is there to be changed");
        let move_over = format!("update frameworks set district_id = '{deployment}' where district_id = '{district}' and title = 'of Alder'");
        let moved = inside(&client, district, &move_over).await;
        assert_eq!(moved, if district == ids::ALDER.0 { denied.clone() } else { Ok(()) }, "what is a district's stays so");
    }
    let titles = async |district: &dyn std::fmt::Display| {
        client.batch_execute(&format!("begin; set local app.district_id = '{district}'")).await.unwrap();
        let seen = names(&client, "select title from frameworks order by 1").await;
        client.batch_execute("commit").await.unwrap();
        seen
    };
    assert_eq!(titles(&ids::ALDER).await, ["of Alder", "shared"]);
    assert_eq!(titles(&ids::BIRCH).await, ["shared"]);
    assert_eq!(titles(&deployment).await, ["shared"], "the deployment reads no district's");
    assert_eq!(names(&client, "select title from frameworks").await, [""; 0], "outside a district nothing is seen");
    assert_eq!(names(&owner, "select title from frameworks order by 1").await, ["of Alder", "shared"], "nothing was taken over");
}
