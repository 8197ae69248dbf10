//! Sending a mail at most once: into the outbox, or by SES.

use std::{error::Error, time::Duration};

use aws_sdk_sesv2::{
    Client,
    error::SdkError,
    operation::send_email::SendEmailError,
    primitives::Blob,
    types::{Destination, EmailContent, MessageTag, RawMessage},
};
use guerdon_archive::{Archive, ArchiveError, Kept};
use guerdon_domain::{id::MemberId, statement::Period};

use crate::{OUTBOX, mail::Mail};

/// How mails are sent.
#[derive(Debug, Clone)]
pub enum Sender {
    /// They are kept in an outbox, for an operator to look at.
    Outbox(Archive),
    /// By Amazon SES.
    Ses(Box<Ses>),
}

/// What Amazon SES is asked with.
#[derive(Debug, Clone)]
pub struct Ses {
    /// The client. It must not try again by itself: a call whose answer is lost may have sent the mail.
    pub client: Client,
    /// The configuration set, whose events tell of mail that comes back.
    pub configuration_set: String,
    /// Where it is written that a mail was about to be sent.
    pub claims: Archive,
}

/// What sending came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// It was sent.
    Now,
    /// An earlier run sent it.
    Before,
    /// It was about to be sent, and nobody knows whether it was: it is not sent again.
    Unsure,
}

/// A mail was not sent: trying again is safe.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The archive failed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// SES refused.
    #[error("SES refused the mail")]
    Refused(#[source] Box<SendEmailError>),
    /// SES was not reached: nothing left this machine.
    #[error("SES was not reached")]
    Unreached(#[source] Box<SdkError<SendEmailError>>),
    /// The tag is longer than SES takes.
    #[error("the mail cannot be tagged")]
    Tag(#[from] aws_sdk_sesv2::error::BuildError),
}

/// The longest value of a tag that SES takes.
const TAG_MAX: usize = 256;
/// How often a mail is tried while SES is asked too often.
const THROTTLED_MAX: u32 = 6;

impl Sender {
    /// Sends the mail of a period to a member, unless that was done, or begun, before.
    pub async fn send(
        &self,
        period: Period,
        member: &MemberId,
        mail: Mail,
    ) -> Result<Sent, SendError> {
        let period = period.to_string();
        match self {
            Self::Outbox(archive) => {
                let name = format!("{member}.eml");
                Ok(match archive.keep(&[OUTBOX, &period, &name], mail.message).await? {
                    Kept::New => Sent::Now,
                    Kept::Already => Sent::Before,
                })
            }
            Self::Ses(ses) => ses.send(&period, member, mail).await,
        }
    }
}

impl Ses {
    /// Claims the mail, sends it, and notes that it was sent. Whoever finds a claim without a note does not know, and does not
    /// send.
    async fn send(&self, period: &str, member: &MemberId, mail: Mail) -> Result<Sent, SendError> {
        let (claim, note) = (["sent", period, member.as_str()], ["noted", period, member.as_str()]);
        if self.claims.keep(&claim, Vec::new()).await? == Kept::Already {
            let noted = self.claims.has(&note).await?;
            return Ok(if noted { Sent::Before } else { Sent::Unsure });
        }
        match self.ask(&mail).await {
            Ok(Some(message)) => {
                // If this fails the mail was sent all the same, and a later run is unsure of it.
                if let Err(error) = self.claims.keep(&note, message).await {
                    tracing::warn!(
                        error = guerdon_edge::causes(&error),
                        "a sent mail is not noted"
                    );
                }
                Ok(Sent::Now)
            }
            Ok(None) => Ok(Sent::Unsure),
            Err(refused) => {
                self.claims.release(&claim).await?;
                Err(refused)
            }
        }
    }

    /// Asks SES; the message's id, or `None` if nobody knows whether it was sent.
    async fn ask(&self, mail: &Mail) -> Result<Option<String>, SendError> {
        let raw = RawMessage::builder().data(Blob::new(mail.message.clone())).build()?;
        let to = Destination::builder().to_addresses(mail.to.as_str()).build();
        let mut request = self
            .client
            .send_email()
            .destination(to)
            .content(EmailContent::builder().raw(raw).build())
            .configuration_set_name(&self.configuration_set);
        // The token of a member with a very long reference does not fit: then a bounce is not known to be theirs.
        if mail.tag.len() <= TAG_MAX {
            request =
                request.email_tags(MessageTag::builder().name("member").value(&mail.tag).build()?);
        }
        let mut attempt = 0_u32;
        loop {
            attempt = attempt.saturating_add(1);
            match request.clone().send().await {
                Ok(sent) => return Ok(Some(sent.message_id.unwrap_or_default())),
                Err(SdkError::ServiceError(error)) if error.raw().status().is_client_error() => {
                    let error = error.into_err();
                    if !error.is_too_many_requests_exception() || attempt >= THROTTLED_MAX {
                        return Err(SendError::Refused(Box::new(error)));
                    }
                }
                Err(error) if was_unreached(&error) => {
                    return Err(SendError::Unreached(Box::new(error)));
                }
                Err(error) => {
                    tracing::warn!(
                        error = guerdon_edge::causes(&error),
                        "a mail may have been sent"
                    );
                    return Ok(None);
                }
            }
            tokio::time::sleep(Duration::from_millis(150_u64 << attempt)).await;
        }
    }
}

/// Whether a call failed before anything was sent: no credentials, no such host, nobody who listens there.
fn was_unreached(error: &SdkError<SendEmailError>) -> bool {
    match error {
        SdkError::ConstructionFailure(_) => true,
        SdkError::DispatchFailure(failure) => {
            let mut cause: Option<&dyn Error> =
                failure.as_connector_error().map(|error| error as &dyn Error);
            while let Some(error) = cause {
                let client = error.downcast_ref::<hyper_util::client::legacy::Error>();
                if client.is_some_and(hyper_util::client::legacy::Error::is_connect) {
                    return true;
                }
                cause = error.source();
            }
            failure.is_user()
        }
        _ => false,
    }
}
