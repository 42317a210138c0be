//! The five steps together, on a real API server.
use kube::{
    ResourceExt as _,
    api::{DeleteParams, ListParams, Patch, PatchParams, PostParams},
};
use operator::habit_tracker::labels;
use serde_json::json;

mod cluster;

use cluster::{Cluster, condition, pod_of};

#[tokio::test]
async fn a_second_pass_over_something_unchanged_writes_nothing() -> anyhow::Result<()> {
    let cluster = Cluster::start().await?;
    cluster.create_token().await?;
    cluster.create_deployment().await?;
    let status = cluster.pass_until_ready().await?;
    assert_eq!(status.schema.and_then(|schema| schema.version), Some(41));
    let before = cluster.versions().await?;
    cluster.pass().await?;
    assert_eq!(cluster.versions().await?, before);
    // Nor does an operator that was started anew and remembers nothing.
    let cluster = cluster.with_operator_restarted()?;
    cluster.pass().await?;
    assert_eq!(cluster.versions().await?, before);
    Ok(())
}

#[tokio::test]
async fn a_rollout_goes_step_by_step() -> anyhow::Result<()> {
    let cluster = Cluster::start().await?;
    cluster.create_token().await?;
    cluster.create_deployment().await?;
    let status = cluster.pass().await?;
    assert_eq!(status.conditions.len(), 9, "all conditions are set on the first visit");
    cluster.pass().await?;
    assert_eq!(cluster.names("Deployment", "deployments").await?, ["family-redis"]);
    assert_eq!(cluster.names("StatefulSet", "statefulsets").await?, ["family-postgres"]);
    assert!(cluster.names("Job", "jobs").await?.is_empty(), "nothing is migrated before the database answers");
    cluster.controllers().await?;
    cluster.pass().await?;
    assert_eq!(cluster.names("Job", "jobs").await?, ["family-migrate-1-4-2"]);
    assert_eq!(cluster.names("Deployment", "deployments").await?, ["family-redis"]);
    cluster.controllers().await?;
    cluster.pass().await?;
    assert_eq!(cluster.names("Deployment", "deployments").await?, ["family-api", "family-redis"]);
    cluster.controllers().await?;
    cluster.pass().await?;
    let all = ["family-api", "family-bot", "family-loops", "family-redis", "family-sender"];
    assert_eq!(cluster.names("Deployment", "deployments").await?, all);
    let status = cluster.pass_until_ready().await?;
    assert_eq!((status.version, status.target_version), (Some("1.4.2".to_owned()), Some("1.4.2".to_owned())));
    Ok(())
}

#[tokio::test]
async fn every_pod_is_admitted_in_a_restricted_namespace() -> anyhow::Result<()> {
    let cluster = Cluster::start().await?;
    cluster.create_token().await?;
    cluster.create_deployment().await?;
    // The migration's pod is made, and so admitted, on the way.
    cluster.pass_until_ready().await?;
    let pods = cluster.api("", "v1", "Pod", "pods");
    for (kind, plural) in [("Deployment", "deployments"), ("StatefulSet", "statefulsets")] {
        for child in cluster.api("apps", "v1", kind, plural).list(&ListParams::default()).await? {
            let mut pod = pod_of(&child.data["spec"]["template"], &child.name_any());
            // A StatefulSet's controller adds the volume of the claim.
            if kind == "StatefulSet" {
                let claim = json!({"name": "data", "persistentVolumeClaim": {"claimName": "data-family-postgres-0"}});
                pod["spec"]["volumes"].as_array_mut().unwrap().push(claim);
            }
            let try_out = PostParams { dry_run: true, ..PostParams::default() };
            pods.create(&try_out, &serde_json::from_value(pod)?).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_missing_token_stops_bot_and_sender_alone() -> anyhow::Result<()> {
    let cluster = Cluster::start().await?;
    cluster.create_deployment().await?;
    for _ in 0..6 {
        cluster.pass().await?;
        cluster.controllers().await?;
    }
    let status = cluster.pass().await?;
    assert_eq!(condition(&status, "Ready"), ("False", "TokenSecretMissing"));
    assert_eq!(condition(&status, "BotAvailable"), ("False", "TokenSecretMissing"));
    assert_eq!(condition(&status, "LoopsAvailable"), ("True", "Available"));
    let running = ["family-api", "family-loops", "family-redis"];
    assert_eq!(cluster.names("Deployment", "deployments").await?, running);
    cluster.create_token().await?;
    cluster.pass_until_ready().await?;
    Ok(())
}

#[tokio::test]
async fn secrets_are_made_once_and_never_written_again() -> anyhow::Result<()> {
    let cluster = Cluster::start().await?;
    let secrets = cluster.api("", "v1", "Secret", "secrets");
    cluster.create_token().await?;
    cluster.create_deployment().await?;
    cluster.pass_until_ready().await?;
    let before = secrets.list(&ListParams::default().labels(&labels::managed_selector())).await?.items;
    assert_eq!(before.len(), 3);
    cluster.edit(json!({"version": "1.5.0"})).await?;
    let status = cluster.pass_until_ready().await?;
    assert_eq!(status.version.as_deref(), Some("1.5.0"));
    let after = secrets.list(&ListParams::default().labels(&labels::managed_selector())).await?.items;
    assert_eq!(after, before);
    Ok(())
}

#[tokio::test]
async fn a_failed_migration_leaves_the_version_before_and_is_tried_again_after_an_edit() -> anyhow::Result<()> {
    let cluster = Cluster::start().await?;
    cluster.create_token().await?;
    cluster.create_deployment().await?;
    cluster.pass_until_ready().await?;
    cluster.edit(json!({"version": "1.5.0"})).await?;
    cluster.pass().await?;
    cluster.fail("family-migrate-1-5-0").await?;
    let status = cluster.pass().await?;
    assert_eq!(condition(&status, "MigrationSucceeded"), ("False", "MigrationFailed"));
    assert_eq!(condition(&status, "ApiAvailable"), ("True", "PreviousVersion"));
    assert_eq!((status.version.as_deref(), status.target_version.as_deref()), (Some("1.4.2"), Some("1.5.0")));
    assert!(status.workloads.iter().all(|workload| workload.version == "1.4.2"), "{:?}", status.workloads);
    let image = json!({"overrides": [{"component": "operator", "image": "example.com/operator:mended"}]});
    cluster.edit(json!({"images": image})).await?;
    let status = cluster.pass_until_ready().await?;
    assert_eq!(status.version.as_deref(), Some("1.5.0"));
    Ok(())
}

#[tokio::test]
async fn what_is_not_asked_for_any_more_goes() -> anyhow::Result<()> {
    let cluster = Cluster::start().await?;
    cluster.create_token().await?;
    cluster.create_deployment().await?;
    cluster.pass_until_ready().await?;
    let external = json!({"mode": "External", "managed": null, "external": {"urlSecretRef": {"name": "family-bot", "key": "token"}}});
    cluster.edit(json!({"redis": external, "loops": {"placement": "Operator"}})).await?;
    let status = cluster.pass().await?;
    assert_eq!(condition(&status, "RedisReady"), ("True", "External"));
    assert_eq!(cluster.names("Deployment", "deployments").await?, ["family-api", "family-bot", "family-sender"]);
    assert_eq!(status.workloads.len(), 3);
    Ok(())
}

#[tokio::test]
async fn a_child_that_somebody_edits_is_put_right() -> anyhow::Result<()> {
    let cluster = Cluster::start().await?;
    cluster.create_token().await?;
    cluster.create_deployment().await?;
    cluster.pass_until_ready().await?;
    let deployments = cluster.api("apps", "v1", "Deployment", "deployments");
    let none = json!({"spec": {"replicas": 0}});
    deployments.patch("family-api", &PatchParams::default(), &Patch::Merge(none)).await?;
    cluster.pass().await?;
    assert_eq!(deployments.get("family-api").await?.data["spec"]["replicas"], 1);
    Ok(())
}

#[tokio::test]
async fn a_pruned_job_is_no_reason_to_migrate_again() -> anyhow::Result<()> {
    let cluster = Cluster::start().await?;
    cluster.create_token().await?;
    cluster.create_deployment().await?;
    cluster.pass_until_ready().await?;
    let jobs = cluster.api("batch", "v1", "Job", "jobs");
    jobs.delete("family-migrate-1-4-2", &DeleteParams::background()).await?;
    let cluster = cluster.with_operator_restarted()?;
    let status = cluster.pass().await?;
    assert_eq!(condition(&status, "MigrationSucceeded"), ("True", "Migrated"));
    assert!(cluster.names("Job", "jobs").await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn another_url_of_an_external_database_is_migrated_before_the_programs_use_it() -> anyhow::Result<()> {
    let cluster = Cluster::start().await?;
    let secrets = cluster.api("", "v1", "Secret", "secrets");
    let url = |url: &str| Patch::Merge(json!({"stringData": {"url": url}}));
    cluster.create_token().await?;
    cluster.create_secret("database", json!({"url": "postgres://habits@one/habits"})).await?;
    let external = json!({"mode": "External", "external": {"urlSecretRef": {"name": "database"}}});
    cluster.create_deployment_on(external).await?;
    let before = cluster.pass_until_ready().await?.schema.and_then(|schema| schema.database);
    let api = cluster.api("apps", "v1", "Deployment", "deployments").get("family-api").await?;
    secrets.patch("database", &PatchParams::default(), &url("postgres://habits@two/habits")).await?;
    let status = cluster.pass().await?;
    assert_eq!(condition(&status, "MigrationSucceeded").0, "Unknown", "the old Job was about another database");
    assert_eq!(cluster.api("apps", "v1", "Deployment", "deployments").get("family-api").await?, api);
    let after = cluster.pass_until_ready().await?.schema.and_then(|schema| schema.database);
    assert_ne!(after, before);
    assert_eq!(cluster.names("Job", "jobs").await?, ["family-migrate-1-4-2"]);
    Ok(())
}

#[tokio::test]
async fn a_volume_that_was_lost_is_migrated_again() -> anyhow::Result<()> {
    let cluster = Cluster::start().await?;
    cluster.create_token().await?;
    let first = cluster.create_claim().await?;
    cluster.create_deployment().await?;
    let status = cluster.pass_until_ready().await?;
    assert_eq!(status.schema.and_then(|schema| schema.database), first.uid());
    cluster.lose_claim().await?;
    let second = cluster.create_claim().await?;
    let status = cluster.pass().await?;
    assert_eq!(condition(&status, "Ready").0, "False");
    let status = cluster.pass_until_ready().await?;
    assert_eq!(status.schema.and_then(|schema| schema.database), second.uid());
    Ok(())
}

#[tokio::test]
async fn an_external_database_without_its_secret_leaves_what_runs_alone() -> anyhow::Result<()> {
    let cluster = Cluster::start().await?;
    cluster.create_token().await?;
    cluster.create_secret("database", json!({"url": "postgres://habits@one/habits"})).await?;
    let external = json!({"mode": "External", "external": {"urlSecretRef": {"name": "database"}}});
    cluster.create_deployment_on(external).await?;
    cluster.pass_until_ready().await?;
    let deployments = cluster.api("apps", "v1", "Deployment", "deployments");
    let before = deployments.list(&ListParams::default()).await?.items;
    cluster.api("", "v1", "Secret", "secrets").delete("database", &DeleteParams::default()).await?;
    let status = cluster.pass().await?;
    assert_eq!(condition(&status, "Ready"), ("False", "DatabaseUrlSecretMissing"));
    assert_eq!(deployments.list(&ListParams::default()).await?.items, before);
    assert_eq!(cluster.names("Job", "jobs").await?, ["family-migrate-1-4-2"]);
    Ok(())
}
