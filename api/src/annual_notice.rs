//! What a district tells its families every year (34 CFR 99.7, L11).

use openilp_domain::annual_notice::{AnnualNotice, AnnualNoticeDelivery};
use openilp_persistence::annual_notice;

use crate::answer::{Composed, Listed, Outcome};
use crate::body::{NoParams, PageParams, Query};
use crate::guard::{Anyone, ManageRelations, May, PathId};
use crate::kept::{One, Said};
use crate::plain::{Viewed, listed, nothing_seen, page_of};
use crate::routes::{About, Routes};

async fn published(anyone: Anyone, Query(page): Query<PageParams>) -> Outcome<Listed<Viewed<AnnualNotice>>> {
    let of = page_of(anyone.call(), &page).await?;
    let found = anyone.browse(async |tx, grant| Ok((annual_notice::published(tx, grant, of).await?, nothing_seen()))).await?;
    listed(anyone.call(), found, of).await
}

async fn delivery(may: May<ManageRelations>, path: PathId<One<AnnualNotice>>, _: Query<NoParams>) -> Outcome<Composed<Viewed<AnnualNoticeDelivery>>> {
    let delivery = may.read(async |tx, grant| Ok((annual_notice::delivery(tx, grant, path.id).await?, nothing_seen()))).await?;
    Ok(Composed(Viewed(delivery)))
}

/// The routes of annual notices.
pub fn routes(r: &mut Routes) {
    r.tag("notices");
    r.kept::<AnnualNotice>(Said {
        list: ("List what your district tells its families every year", ""),
        read: ("Read what your district tells its families in a year", ""),
        create: (
            "Say what your district tells its families this school year",
            "From `publishOn` on, students who attend and guardians who hold the rights are told once each, within the hour, and whoever joins them later too: the rights in the \
             program's words, in English and Spanish (`/v1/me/notices`), and these words in `/v1/me/annual-notices`. One a school year: 409 `school_year_taken`.",
        ),
        amend: ("Change what your district will tell its families", "Until its day comes: then it stays as it was told, 409 `published`."),
    });
    r.get(
        "/v1/annual-notices/{annualNoticeId}/delivery",
        delivery,
        About {
            id: "read_annual_notice_delivery",
            summary: "Read how far families were told",
            text: "Who was told of which student, and who acknowledged it, is in the student's notices.",
        },
    );
    r.get(
        "/v1/me/annual-notices",
        published,
        About {
            id: "list_my_annual_notices",
            summary: "List what your district has told its families",
            text: "Who counts as a school official, what as a legitimate educational interest, how to inspect and to ask for an amendment. For everybody of the district.",
        },
    );
}
