//! The labels of catalogues, frameworks of standards, templates and model plans: they are nobody's.

use super::Label::{Registry, Technical};
use super::Labelled;

/// Table by table, the columns grouped by label.
#[rustfmt::skip]
pub(super) const COLUMNS: &[(&str, Labelled)] = &[
    ("catalogue_labels", &[
        (Registry, &["catalogue", "code", "language", "label", "active"]),
        (Technical, &["district_id", "id", "version", "created_at", "updated_at"]),
    ]),
    ("templates", &[
        (Registry, &["title", "first_grade", "last_grade", "items", "status", "school_id", "guidelines", "revises_id", "model_plan_id"]),
        (Technical, &["district_id", "id", "version", "created_at", "updated_at"]),
    ]),
    ("model_plans", &[
        (Registry, &["title", "prepared_by", "first_grade", "last_grade", "items", "offered", "active", "description"]),
        (Technical, &["district_id", "id", "version", "created_at", "updated_at"]),
    ]),
    ("frameworks", &[
        (Registry, &["title", "creator", "last_change", "item_count", "withdrawn_count", "association_count", "document", "more"]),
        (Technical, &["district_id", "id", "hash", "version", "created_at", "updated_at"]),
    ]),
    ("framework_items", &[
        (Registry, &["position", "code", "content", "withdrawn_on"]),
        (Technical, &["district_id", "id", "framework_id"]),
    ]),
    ("framework_associations", &[
        (Registry, &["position", "origin", "destination", "content"]),
        (Technical, &["district_id", "id", "framework_id"]),
    ]),
];

/// Schema by schema, the properties grouped by label.
#[rustfmt::skip]
pub(super) const PROPERTIES: &[(&str, Labelled)] = &[
    ("Template", &[
        (Registry, &["title", "firstGrade", "lastGrade", "items", "status", "schoolId", "guidelines", "revisesId", "modelPlanId"]),
        (Technical, &["id", "version", "createdAt", "updatedAt"]),
    ]),
    ("TemplateItem", &[
        (Registry, &["key", "domain", "component", "title", "description", "required", "firstGrade", "lastGrade", "covers"]),
    ]),
    ("MinimumProgram", &[(Registry, &["profile", "profileVersion", "items"])]),
    ("MinimumStanding", &[(Registry, &["asked", "coveredBy", "missingGrades"])]),
    ("MinimumItem", &[(Registry, &["key", "title", "domain", "component", "firstGrade", "lastGrade", "requirement", "source"])]),
    ("ModelPlan", &[
        (Registry, &["title", "preparedBy", "firstGrade", "lastGrade", "items", "offered", "active", "description"]),
        (Technical, &["id", "version", "createdAt", "updatedAt"]),
    ]),
    ("CatalogueLabel", &[
        (Registry, &["catalogue", "code", "language", "label", "active"]),
        (Technical, &["id", "version", "createdAt", "updatedAt"]),
    ]),
    ("CatalogueSummary", &[(Registry, &["id", "title", "edition", "version", "source", "description", "entryCount"])]),
    ("Catalogue", &[(Registry, &["id", "title", "edition", "version", "source", "description"])]),
    ("CatalogueEntry", &[
        (Registry, &["code", "label", "description", "list", "component", "domains", "strands", "grades", "resource", "citations"]),
    ]),
    ("NameInFramework", &[(Registry, &["framework", "label"])]),
    ("RelatedEntry", &[(Registry, &["catalogue", "code", "relation"])]),
    ("Alignment", &[(Registry, &["system", "version", "element", "name", "code"])]),
    ("LocalLabel", &[(Registry, &["language", "label"])]),
    ("FrameworkImport", &[
        (Registry, &["outcome", "itemsAdded", "itemsChanged", "itemsWithdrawn", "itemCount", "associationCount"]),
        (Technical, &["id", "version"]),
    ]),
    ("imsx_StatusInfo", &[(Technical, &["imsx_codeMajor", "imsx_severity", "imsx_description"])]),
    ("imsx_CodeMinorField", &[(Technical, &["imsx_codeMinorFieldName", "imsx_codeMinorFieldValue"])]),
    // CASE 1.1.
    ("CFAssociation", &[(Registry, &["identifier", "associationType", "sequenceNumber", "uri", "lastChangeDateTime", "notes"])]),
    ("CFAssociationGrouping", &[(Registry, &["identifier", "uri", "title", "description", "lastChangeDateTime"])]),
    ("CFConcept", &[(Registry, &["identifier", "uri", "title", "keywords", "hierarchyCode", "description", "lastChangeDateTime"])]),
    ("CFDocument", &[
        (Registry, &["identifier", "uri", "frameworkType", "caseVersion", "creator", "title", "lastChangeDateTime", "officialSourceURL"]),
        (Registry, &["publisher", "description", "subject", "language", "version", "adoptionStatus", "statusStartDate", "statusEndDate"]),
        (Registry, &["notes"]),
    ]),
    ("CFItem", &[
        (Registry, &["identifier", "fullStatement", "alternativeLabel", "CFItemType", "uri", "humanCodingScheme", "listEnumeration"]),
        (Registry, &["abbreviatedStatement", "conceptKeywords", "notes", "subject", "language", "educationLevel", "statusStartDate"]),
        (Registry, &["statusEndDate", "lastChangeDateTime"]),
    ]),
    ("CFItemType", &[(Registry, &["identifier", "uri", "title", "description", "hierarchyCode", "typeCode", "lastChangeDateTime"])]),
    ("CFLicense", &[(Registry, &["identifier", "uri", "title", "description", "licenseText", "lastChangeDateTime"])]),
    ("CFPckgAssociation", &[(Registry, &["identifier", "associationType", "sequenceNumber", "uri", "lastChangeDateTime", "notes"])]),
    ("CFPckgDocument", &[
        (Registry, &["identifier", "uri", "frameworkType", "caseVersion", "creator", "title", "lastChangeDateTime", "officialSourceURL"]),
        (Registry, &["publisher", "description", "subject", "language", "version", "adoptionStatus", "statusStartDate", "statusEndDate"]),
        (Registry, &["notes"]),
    ]),
    ("CFPckgItem", &[
        (Registry, &["identifier", "fullStatement", "alternativeLabel", "CFItemType", "uri", "humanCodingScheme", "listEnumeration"]),
        (Registry, &["abbreviatedStatement", "conceptKeywords", "notes", "subject", "language", "educationLevel", "statusStartDate"]),
        (Registry, &["statusEndDate", "lastChangeDateTime"]),
    ]),
    ("CFRubric", &[(Registry, &["identifier", "uri", "title", "description", "lastChangeDateTime"])]),
    ("CFRubricCriterion", &[(Registry, &["identifier", "uri", "category", "description", "weight", "position", "rubricId", "lastChangeDateTime"])]),
    ("CFRubricCriterionLevel", &[
        (Registry, &["identifier", "uri", "description", "quality", "score", "feedback", "position", "rubricCriterionId"]),
        (Registry, &["lastChangeDateTime"]),
    ]),
    ("CFSubject", &[(Registry, &["identifier", "uri", "title", "hierarchyCode", "description", "lastChangeDateTime"])]),
    ("LinkGenURI", &[(Registry, &["title", "identifier", "uri", "targetType"])]),
    ("LinkURI", &[(Registry, &["title", "identifier", "uri"])]),
];
