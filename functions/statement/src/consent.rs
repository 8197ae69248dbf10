//! Members who want no more statements: from the mail itself, or because mail to them comes back.

use guerdon_domain::profile::Profile;
use guerdon_edge::{
    problem::Problem,
    token::{Purpose, Token},
};
use guerdon_store::StoreError;
use guerdon_words::{Language, LanguageExt, Naming, Words};
use jiff::Timestamp;
use lambda_http::{Body, Request, RequestExt as _, Response, http::header};
use maud::{DOCTYPE, html};
use serde::Deserialize;

use crate::Statements;

/// What SES tells of a mail, by way of `EventBridge`.
#[derive(Debug, Deserialize)]
pub struct Feedback {
    detail: Detail,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    event_type: String,
    #[serde(default)]
    bounce: Option<Bounce>,
    mail: Mail,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    bounce_type: String,
    #[serde(default)]
    bounced_recipients: Vec<Recipient>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recipient {
    email_address: String,
}

#[derive(Debug, Deserialize)]
struct Mail {
    #[serde(default)]
    tags: Tags,
}

#[derive(Debug, Default, Deserialize)]
struct Tags {
    #[serde(default)]
    member: Vec<String>,
}

impl Statements {
    /// Mail that came back for good is not sent again; whoever complains of it gets no more. What changed, in a word.
    pub async fn feedback(
        &self,
        feedback: &Feedback,
        now: Timestamp,
    ) -> Result<&'static str, StoreError> {
        let detail = &feedback.detail;
        let key = self.edge.config.portal_key.as_ref();
        let tag = detail.mail.tags.member.first();
        let token =
            key.zip(tag).and_then(|(key, tag)| key.open(Purpose::Unsubscribe, tag, now).ok());
        let Some(Token { member, .. }) = token else { return Ok("ignored") };
        match (detail.event_type.as_str(), &detail.bounce) {
            ("Bounce", Some(bounce)) if bounce.bounce_type == "Permanent" => {
                // Of a member who was erased meanwhile nothing is written again: they have no address.
                let bounced = |profile: Profile| {
                    bounce.bounced_recipients.iter().fold(profile, |profile, recipient| {
                        profile.bounced(&recipient.email_address, now)
                    })
                };
                self.edge.ledger.change_profile(&member, bounced).await?;
                Ok("bounced")
            }
            ("Complaint", _) => {
                self.edge.ledger.change_profile(&member, withdrawn).await?;
                Ok("withdrawn")
            }
            _ => Ok("ignored"),
        }
    }

    /// `GET /unsubscribe`: a page that asks. A mailbox that follows links on its own changes nothing by that.
    pub(crate) async fn ask(
        &self,
        request: &Request,
        now: Timestamp,
    ) -> Result<Response<Body>, Problem> {
        self.token(request, now)?;
        self.unsubscribing(request, now, false).await
    }

    /// `POST /unsubscribe`: the statements stop. A mailbox's one click (RFC 8058) and the page's form are the same, as often as
    /// they are sent.
    pub(crate) async fn stop(
        &self,
        request: &Request,
        now: Timestamp,
    ) -> Result<Response<Body>, Problem> {
        let Token { member, .. } = self.token(request, now)?;
        self.edge.ledger.change_profile(&member, withdrawn).await?;
        self.unsubscribing(request, now, true).await
    }

    fn token(&self, request: &Request, now: Timestamp) -> Result<Token, Problem> {
        let query = request.query_string_parameters();
        let token = query.first("token").unwrap_or_default();
        let key = self.edge.config.portal_key()?;
        key.open(Purpose::Unsubscribe, token, now).map_err(|_| Problem::bad_link())
    }

    async fn unsubscribing(
        &self,
        request: &Request,
        now: Timestamp,
        done: bool,
    ) -> Result<Response<Body>, Problem> {
        let accepted = request.headers().get(header::ACCEPT_LANGUAGE);
        let accepted = accepted.and_then(|accepted| accepted.to_str().ok()).unwrap_or_default();
        let versions = self.edge.programmes.versions().await?;
        let programme = &versions.at(now).programme;
        let words = Words::new(
            Language::for_member(&programme.brand, None, accepted),
            &Naming::of(programme),
        );
        let colours = programme.brand.colours.light;
        let language = words.language();
        let page = html! {
            (DOCTYPE)
            html lang=(language.code()) dir=(language.direction()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="robots" content="noindex";
                    title { (words.text("statement-unsubscribe")) }
                }
                body style={ "margin:3rem auto;max-width:30rem;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif;background:" (colours.background) ";color:" (colours.text) } {
                    h1 { (programme.name) }
                    @if done {
                        p role="status" { (words.text("statement-unsubscribed")) }
                    } @else {
                        form method="post" {
                            button type="submit" style={ "padding:.75rem 1.5rem;border:0;border-radius:6px;font:inherit;background:" (colours.accent) ";color:" (colours.on_accent) } {
                                (words.text("statement-unsubscribe"))
                            }
                        }
                    }
                }
            }
        };
        Ok(crate::show::answer("text/html; charset=utf-8", Body::Text(page.into_string())))
    }
}

/// Without consent to statements.
fn withdrawn(profile: Profile) -> Profile {
    Profile { statements: None, ..profile }
}
