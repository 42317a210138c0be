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

fn operations(document: &serde_json::Value) -> impl Iterator<Item = (String, &serde_json::Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| (format!("{method} {path}"), operation))
    })
}

/// The media type's own example, or the one of its schema.
fn has_example(document: &serde_json::Value, content: &serde_json::Value) -> bool {
    let schema = &content["schema"];
    let schema = if schema["items"].is_object() { &schema["items"] } else { schema };
    let named = schema["$ref"].as_str().and_then(|name| document.pointer(name.strip_prefix('#').unwrap()));
    !content["example"].is_null() || !named.unwrap_or(schema)["example"].is_null()
}

#[test]
fn every_operation_shows_by_example_what_it_takes_and_gives() {
    let document = serde_json::to_value(api::openapi()).unwrap();
    let mut bare = Vec::new();
    for (name, operation) in operations(&document) {
        let replies = operation["responses"].as_object().unwrap().iter();
        let replies = replies.filter(|(status, _)| status.starts_with('2')).map(|(_, reply)| reply);
        for described in replies.chain([&operation["requestBody"]]) {
            let json = &described["content"]["application/json"];
            if !json.is_null() && !has_example(&document, json) {
                bare.push(format!("{name}: {json}"));
            }
        }
    }
    assert!(bare.is_empty(), "{bare:#?}");
}

#[test]
fn every_operation_tells_what_the_layers_around_it_answer() {
    let document = serde_json::to_value(api::openapi()).unwrap();
    for (name, operation) in operations(&document) {
        let told = |status: &str| !operation["responses"][status].is_null();
        let mut statuses = vec!["414", "431", "500", "503", "504"];
        if !operation["security"].is_null() {
            statuses.push("429");
        }
        if !operation["requestBody"].is_null() {
            statuses.extend(["408", "413", "415", "422"]);
        }
        assert!(statuses.iter().all(|status| told(status)), "{name}");
    }
}

#[tokio::test]
async fn the_pages_load_nothing_from_elsewhere() {
    let server = crate::server::Server::new(sqlx::PgPool::connect_lazy("postgres://127.0.0.1:1/none").unwrap());
    for page in ["/docs/", "/docs/swagger-initializer.js"] {
        let (headers, text) = server.text(page).await;
        assert!(!text.contains("//cdn") && !text.contains("src=\"http") && !text.contains("href=\"http"), "{text}");
        assert!(!text.contains("https://petstore"), "{text}");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'self'; ") && policy.contains("frame-ancestors 'none'"), "{policy}");
    }
}
