//! What every page needs: who looks, at what programme, in which language.

use std::{collections::BTreeMap, sync::Arc};

use guerdon_domain::{
    account::Account,
    profile::Profile,
    programme::{Brand, Programme, Versions},
    settle,
};
use guerdon_edge::{Edge, problem::Problem, session::Visit};
use guerdon_store::StoreError;
use guerdon_words::{Language, LanguageExt as _, Naming, Words};
use jiff::Timestamp;
use lambda_http::{Request, http::header};

use crate::visit;

/// A look at the page.
pub(crate) struct View {
    pub(crate) versions: Arc<Versions>,
    pub(crate) now: Timestamp,
    pub(crate) words: Words,
    /// Who looks; nobody before a link is opened.
    pub(crate) visit: Option<Visit>,
    pub(crate) profile: Profile,
}

impl View {
    /// A look at `now`.
    pub(crate) async fn of(
        edge: &Edge,
        now: Timestamp,
        request: &Request,
        visit: Option<Visit>,
    ) -> Result<Self, Problem> {
        let profile = async {
            match &visit {
                Some(visit) => edge.ledger.profile(&visit.member).await,
                None => Ok(Profile::default()),
            }
        };
        let (versions, profile) = tokio::try_join!(edge.programmes.versions(), profile)?;
        let programme = &versions.at(now).programme;
        let accept = request.headers().get(header::ACCEPT_LANGUAGE);
        let accept = accept.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let chosen = profile.language.as_deref();
        let language = Language::for_member(&programme.brand, chosen, accept);
        let words = Words::new(language, &Naming::of(programme));
        Ok(Self { versions, now, words, visit, profile })
    }

    pub(crate) fn programme(&self) -> &Programme {
        &self.versions.at(self.now).programme
    }

    pub(crate) fn brand(&self) -> &Brand {
        &self.programme().brand
    }

    /// Who looks; nobody gets to a page that asks for this without a visit.
    pub(crate) fn visit(&self) -> Result<&Visit, Problem> {
        self.visit.as_ref().ok_or_else(Problem::unauthenticated)
    }

    /// The member's account as it stands.
    pub(crate) async fn account(&self, edge: &Edge) -> Result<Account, Problem> {
        let member = &self.visit()?.member;
        let account = edge.ledger.account(member).await?;
        let account = account.unwrap_or_else(|| Account::new(member.clone()));
        Ok(settle::as_of(&account, &self.versions, self.now).map_err(StoreError::from)?)
    }

    /// How many pieces of each stock of the rewards are taken.
    pub(crate) async fn taken(&self, edge: &Edge) -> Result<BTreeMap<String, i64>, Problem> {
        Ok(edge.taken(self.programme()).await?)
    }

    /// A token for a form of this page.
    pub(crate) fn form(&self, edge: &Edge) -> Result<String, Problem> {
        visit::form(edge, self.visit()?)
    }
}
