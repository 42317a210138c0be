use axum::http::StatusCode;

#[test]
fn the_document_is_the_one_that_clients_know() {
    insta::assert_json_snapshot!(api::openapi());
}

#[tokio::test]
async fn the_document_and_its_pages_are_served() {
    let server = crate::server::Server::new(sqlx::PgPool::connect_lazy("postgres://127.0.0.1:1/none").unwrap());
    let get = |path: &str| axum::http::Request::get(path).body(axum::body::Body::empty()).unwrap();
    assert_eq!(server.send(get("/openapi.json")).await.ok(200)["openapi"], "3.1.0");
    assert_eq!(server.page("/docs/").await, StatusCode::OK);
    assert_eq!(server.page("/docs/swagger-ui-bundle.js").await, StatusCode::OK);
}
