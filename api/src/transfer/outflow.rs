//! The body of a long reply, written while it is read.

use std::{io, time::Duration};

use anyhow::Context as _;
use axum::body::{Body, Bytes};
use futures::stream;
use tokio::sync::mpsc;

use super::place::Place;

/// Pieces of this size wait for the reader, one of them at a time.
const PIECE_BYTES: usize = 64 * 1024;

/// How long one piece waits, and how long all of them may take: a reader that does not read keeps neither a place nor a
/// connection to the database.
#[derive(Debug, Clone, Copy)]
struct Patience {
    piece: Duration,
    all: Duration,
}

const PATIENCE: Patience = Patience { piece: Duration::from_secs(5), all: Duration::from_mins(1) };

/// Where the pieces of a body go.
#[derive(Debug)]
pub(super) struct Outflow {
    /// `None` is the end: a body without it broke off.
    pieces: mpsc::Sender<Option<Bytes>>,
    piece_time: Duration,
}

impl Outflow {
    /// Hands bytes on as they are taken.
    ///
    /// # Errors
    ///
    /// Fails when the reader has gone or takes too long.
    pub(super) async fn send(&self, bytes: Vec<u8>) -> anyhow::Result<()> {
        let mut rest = Bytes::from(bytes);
        while !rest.is_empty() {
            let piece = rest.split_to(rest.len().min(PIECE_BYTES));
            self.hand_on(Some(piece)).await?;
        }
        Ok(())
    }

    /// Says that this was all.
    ///
    /// # Errors
    ///
    /// As [`Self::send`].
    pub(super) async fn end(self) -> anyhow::Result<()> {
        self.hand_on(None).await
    }

    async fn hand_on(&self, piece: Option<Bytes>) -> anyhow::Result<()> {
        let sent = tokio::time::timeout(self.piece_time, self.pieces.send(piece)).await;
        sent.context("the reader takes nothing")?.context("the reader has gone")
    }
}

/// A body that `write` writes. The place is free once the end was handed on or the writing broke off; a body that broke
/// off ends without its end, so that no client takes it for whole.
pub(super) fn body<F>(place: Place, write: impl FnOnce(Outflow) -> F) -> Body
where
    F: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    patient_body(PATIENCE, place, write)
}

fn patient_body<F>(patience: Patience, place: Place, write: impl FnOnce(Outflow) -> F) -> Body
where
    F: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let (pieces, taken) = mpsc::channel(1);
    let writing = tokio::time::timeout(patience.all, write(Outflow { pieces, piece_time: patience.piece }));
    let task = async move {
        let _place = place;
        if let Err(error) = writing.await.context("the reader is too slow").flatten() {
            tracing::info!(error = format!("{error:#}"), "a reply broke off");
        }
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "bounded in time; at shutdown the connection that reads it is waited for"
    )]
    tokio::spawn(task);
    Body::from_stream(stream::try_unfold(taken, async |mut taken: mpsc::Receiver<Option<Bytes>>| {
        match taken.recv().await {
            Some(Some(piece)) => Ok(Some((piece, taken))),
            Some(None) => Ok(None),
            None => Err(io::Error::other("the reply broke off")),
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::place::Places;
    use axum::body::to_bytes;

    const SHORT: Patience = Patience { piece: Duration::from_millis(20), all: Duration::from_millis(20) };
    const PIECES: usize = 5;

    async fn write(out: Outflow) -> anyhow::Result<()> {
        for piece in 0..PIECES {
            out.send(vec![u8::try_from(piece)?; PIECE_BYTES + 1]).await?;
        }
        out.end().await
    }

    /// Waits until the only place is free again.
    async fn is_free(places: &'static Places) {
        let free = async {
            while places.take(8).is_err() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), free).await.unwrap();
    }

    #[tokio::test]
    async fn a_reader_gets_all_pieces_in_their_order() {
        static PLACES: Places = Places::new(1);
        let read = to_bytes(body(PLACES.take(7).unwrap(), write), usize::MAX).await.unwrap();
        assert_eq!(read.len(), PIECES * (PIECE_BYTES + 1));
        assert!(read.is_sorted() && read.ends_with(&[4]));
        is_free(&PLACES).await;
    }

    #[tokio::test]
    async fn a_reader_that_reads_nothing_loses_its_place_and_sees_no_end() {
        static PLACES: Places = Places::new(1);
        for patience in [Patience { all: PATIENCE.all, ..SHORT }, Patience { piece: PATIENCE.piece, ..SHORT }] {
            let unread = patient_body(patience, PLACES.take(7).unwrap(), write);
            is_free(&PLACES).await;
            assert!(to_bytes(unread, usize::MAX).await.is_err());
        }
    }

    #[tokio::test]
    async fn a_reader_that_has_gone_gives_its_place_back() {
        static PLACES: Places = Places::new(1);
        drop(body(PLACES.take(7).unwrap(), write));
        is_free(&PLACES).await;
    }

    #[tokio::test]
    async fn what_fails_while_it_is_written_is_no_whole_reply() {
        static PLACES: Places = Places::new(1);
        let failed = async |out: Outflow| {
            out.send(vec![1]).await?;
            anyhow::bail!("no database")
        };
        assert!(to_bytes(body(PLACES.take(7).unwrap(), failed), usize::MAX).await.is_err());
    }
}
