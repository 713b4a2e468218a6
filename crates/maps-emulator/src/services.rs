//! The services: their tables, their error bodies, and who answers each operation.

pub(crate) mod data_registry;
pub(crate) mod dataset;
mod examples;
mod paging;
pub(crate) mod route;

use std::sync::Arc;

use axum::response::Response;
use maps_types::operations::Service;

use crate::app::App;
use crate::gateway::Call;
use crate::problem::{Family, Problem};

/// Every table, with the form of its service's errors.
static SERVICES: [(&Service, Family); 3] = [
    (&maps_route_models::operations::SERVICE, Family::Maps),
    (
        &maps_data_registry_models::operations::SERVICE,
        Family::MapsWithHeader,
    ),
    (&maps_creator_models::operations::SERVICE, Family::Common),
];

pub(crate) fn tables() -> [&'static Service; SERVICES.len()] {
    SERVICES.map(|(table, _)| table)
}

/// How a service writes its errors.
pub(crate) fn family(service: &Service) -> Family {
    let found = SERVICES
        .iter()
        .find(|(known, _)| known.name == service.name && known.api_version == service.api_version);
    found.map_or(Family::Common, |(_, family)| *family)
}

/// How the service writes its errors whose paths start like this one.
pub(crate) fn family_of_path(path: &str) -> Family {
    fn first(path: &str) -> Option<&str> {
        path.split('/').nth(1)
    }
    let found = SERVICES.iter().find(|(table, _)| {
        let mut operations = table.operations.iter();
        operations.any(|operation| first(operation.path) == first(path))
    });
    found.map_or(Family::Common, |(_, family)| *family)
}

/// Answers a request that passed all checks.
pub(crate) async fn dispatch(app: &Arc<App>, call: Call) -> Result<Response, Problem> {
    match call.operation.id {
        "DataRegistry_List" => data_registry::list(app, &call).await,
        "DataRegistry_GetDataRegistry" => data_registry::get(app, &call).await,
        "DataRegistry_RegisterOrReplace" => data_registry::register(app, &call).await,
        "DataRegistry_Unregister" => data_registry::unregister(app, &call).await,
        "DataRegistry_GetOperation" => data_registry::operation(app, &call).await,
        "Dataset_Create" => dataset::create(app, &call).await,
        "Dataset_List" => dataset::list(app, &call).await,
        "Dataset_Get" => dataset::get(app, &call).await,
        "Dataset_Delete" => dataset::delete(app, &call).await,
        "Dataset_GetOperation" => dataset::operation(app, &call).await,
        "Route_PostRouteMatrix" => route::matrix(app, &call).await,
        "Route_PostRouteMatrixAsync" => route::begin_matrix(app, &call).await,
        "Route_GetRouteOperationsStatus" => route::status(app, &call).await,
        "Route_GetRouteOperationsResult" => route::result(app, &call).await,
        _ => examples::answer(&call),
    }
}
