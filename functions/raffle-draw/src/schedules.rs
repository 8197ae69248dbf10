//! The schedules of a raffle: one for each step that has a time, made when it is announced, gone after it ran.

use aws_sdk_scheduler::{
    Client,
    operation::create_schedule::CreateScheduleError,
    types::{
        ActionAfterCompletion, DeadLetterConfig, FlexibleTimeWindow, FlexibleTimeWindowMode,
        RetryPolicy, Target,
    },
};
use guerdon_domain::raffle::stage::{Announcement, Stage};
use jiff::Timestamp;
use serde_json::json;

/// A schedule cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("the schedule {name} cannot be made")]
pub struct ScheduleError {
    name: String,
    #[source]
    source: Box<dyn std::error::Error + Send + Sync>,
}

/// Who wakes the function when a step is due.
#[derive(Debug)]
pub enum Schedules {
    /// `EventBridge` Scheduler.
    EventBridge(Box<EventBridge>),
    /// Nobody but the sweep.
    Sweep,
}

/// What a schedule is made from.
#[derive(Debug)]
pub struct EventBridge {
    /// The client.
    pub client: Client,
    /// The group that the schedules are in.
    pub group: String,
    /// The function to invoke.
    pub function: String,
    /// The role to invoke it by.
    pub role: String,
    /// The queue for invocations that failed for good.
    pub dead_letters: String,
}

impl Schedules {
    /// Makes the schedules of a raffle. One that is there stays; one whose time has passed runs at once.
    pub async fn make(&self, announcement: &Announcement) -> Result<(), ScheduleError> {
        let Self::EventBridge(to) = self else { return Ok(()) };
        let raffle = &announcement.announced.raffle;
        let mut stage = Stage::Announced;
        while let Some((next, due)) = announcement.after(stage) {
            stage = next;
            // Prizes are given by the run that draws.
            if stage != Stage::Published {
                to.at(raffle, stage, due).await?;
            }
        }
        Ok(())
    }
}

impl EventBridge {
    async fn at(&self, raffle: &str, step: Stage, due: Timestamp) -> Result<(), ScheduleError> {
        let name = format!("{raffle}-{step}");
        let fail = |source: Box<dyn std::error::Error + Send + Sync>| ScheduleError {
            name: name.clone(),
            source,
        };
        let retries = RetryPolicy::builder()
            .maximum_retry_attempts(185)
            .maximum_event_age_in_seconds(86_400)
            .build();
        let target = Target::builder()
            .arn(&self.function)
            .role_arn(&self.role)
            .input(json!({ "raffle": raffle, "step": step.name() }).to_string())
            .retry_policy(retries)
            .dead_letter_config(DeadLetterConfig::builder().arn(&self.dead_letters).build())
            .build()
            .map_err(|error| fail(Box::new(error)))?;
        let window = FlexibleTimeWindow::builder()
            .mode(FlexibleTimeWindowMode::Off)
            .build()
            .map_err(|error| fail(Box::new(error)))?;
        let create = self
            .client
            .create_schedule()
            .name(&name)
            .group_name(&self.group)
            .schedule_expression(format!("at({})", due.strftime("%Y-%m-%dT%H:%M:%S")))
            .schedule_expression_timezone("UTC")
            .flexible_time_window(window)
            .action_after_completion(ActionAfterCompletion::Delete)
            .target(target);
        match create.send().await {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(CreateScheduleError::is_conflict_exception) =>
            {
                Ok(())
            }
            Err(error) => Err(fail(Box::new(error))),
        }
    }
}
