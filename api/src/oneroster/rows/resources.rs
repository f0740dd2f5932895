//! Rows of user profiles and of the resource files.

use super::values::{Importance, ResourceRole, SourcedId};

row! {
    /// A row of `userProfiles.csv`: a person's account elsewhere. The password column is not here, on purpose.
    UserProfileRow as UserProfile {
        user_sourced_id: SourcedId = "userSourcedId",
        profile_type: String = "profileType",
        vendor_id: String = "vendorId",
        application_id: Option<String> = "applicationId",
        description: Option<String> = "description",
        credential_type: String = "credentialType",
        username: String = "username",
    }
}

row! {
    /// A row of `resources.csv`: a book, a site or other material of a vendor's.
    ResourceRow as Resource {
        vendor_resource_id: String = "vendorResourceId",
        title: Option<String> = "title",
        roles: Vec<ResourceRole> = "roles",
        importance: Option<Importance> = "importance",
        vendor_id: Option<String> = "vendorId",
        application_id: Option<String> = "applicationId",
    }
}

row! {
    /// A row of `classResources.csv`.
    ClassResourceRow as ClassResource {
        title: Option<String> = "title",
        class_sourced_id: SourcedId = "classSourcedId",
        resource_sourced_id: SourcedId = "resourceSourcedId",
    }
}

row! {
    /// A row of `courseResources.csv`.
    CourseResourceRow as CourseResource {
        title: Option<String> = "title",
        course_sourced_id: SourcedId = "courseSourcedId",
        resource_sourced_id: SourcedId = "resourceSourcedId",
    }
}

row! {
    /// A row of `userResources.csv`.
    UserResourceRow as UserResource {
        user_sourced_id: SourcedId = "userSourcedId",
        org_sourced_id: Option<SourcedId> = "orgSourcedId",
        class_sourced_id: Option<SourcedId> = "classSourcedId",
        resource_sourced_id: SourcedId = "resourceSourcedId",
    }
}
