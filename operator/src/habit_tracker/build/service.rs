//! The address of a component within the cluster.
use k8s_openapi::{
    api::core::v1::{Service, ServicePort, ServiceSpec},
    apimachinery::pkg::util::intstr::IntOrString,
};

use super::owned;
use crate::habit_tracker::{labels, names::Component, validate::Valid};

/// A Service on the port that the component's container calls `name`.
pub(super) fn service(valid: &Valid, component: Component, version: &str, name: &str, port: i32) -> Service {
    Service {
        metadata: owned(valid, component, version),
        spec: Some(ServiceSpec {
            selector: Some(labels::selector(&valid.name, component)),
            ports: Some(vec![ServicePort {
                name: Some(name.to_owned()),
                port,
                protocol: Some("TCP".to_owned()),
                target_port: Some(IntOrString::String(name.to_owned())),
                ..ServicePort::default()
            }]),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    }
}
