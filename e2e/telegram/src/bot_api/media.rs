//! Photos, documents and the files behind them.

use axum::{
    body::Bytes,
    http::header,
    response::{IntoResponse as _, Response},
};
use serde_json::Value;

use super::{error::ApiError, request::Params};
use crate::{
    file::picture,
    message::Content,
    objects::{self, put},
    shared::Shared,
    world::World,
};

/// <https://core.telegram.org/bots/api#sending-files>
const MAX_PHOTO_BYTES: usize = 10 << 20;
const MAX_DOCUMENT_BYTES: usize = 50 << 20;

/// A file of a call, checked and not yet kept.
#[derive(Debug)]
pub(crate) enum Media {
    New { file_name: String, mime_type: String, bytes: Bytes },
    Known { file_id: String },
}

#[derive(Debug)]
pub(crate) struct Photo(Media);

#[derive(Debug)]
pub(crate) struct Document(Media);

pub(crate) fn photo(params: &Params) -> Result<Photo, ApiError> {
    let media = media(params, "photo", MAX_PHOTO_BYTES)?;
    if let Media::New { bytes, .. } = &media
        && picture(bytes).is_none_or(|(_, width, height)| width + height > 10_000)
    {
        return Err(ApiError::bad_request("IMAGE_PROCESS_FAILED")
            .violating("the photo is no PNG or JPEG of a fair size".to_owned()));
    }
    Ok(Photo(media))
}

pub(crate) fn document(params: &Params) -> Result<Document, ApiError> {
    media(params, "document", MAX_DOCUMENT_BYTES).map(Document)
}

fn media(params: &Params, name: &str, max_bytes: usize) -> Result<Media, ApiError> {
    let source = params.text(name).unwrap_or_default();
    let Some(upload) = source.strip_prefix("attach://") else {
        return match source {
            "" => Err(ApiError::violation(&format!("there is no {name} in the request"))),
            url if url.contains("://") => Err(ApiError::violation("failed to get HTTP URL content")),
            file_id => Ok(Media::Known { file_id: file_id.to_owned() }),
        };
    };
    let Some(upload) = params.uploads.get(upload) else {
        return Err(ApiError::violation(&format!("there is no {name} in the request")));
    };
    match upload.bytes.len() {
        0 => Err(ApiError::violation("file must be non-empty")),
        size if size > max_bytes => {
            Err(ApiError::new(413, "Request Entity Too Large").violating(format!("the {name} has {size} bytes")))
        }
        _ => Ok(Media::New {
            file_name: upload.file_name.clone(),
            mime_type: upload.mime_type.clone(),
            bytes: upload.bytes.clone(),
        }),
    }
}

impl Photo {
    /// Keeps the picture among the bot's files.
    pub(crate) fn keep(self, world: &mut World, bot_id: i64) -> Result<Content, ApiError> {
        let (file_id, bytes) = keep(self.0, world, bot_id)?;
        let (_, width, height) = picture(&bytes).ok_or_else(wrong_file)?;
        Ok(Content::Photo { file_id, width, height })
    }
}

impl Document {
    /// Keeps the document among the bot's files.
    pub(crate) fn keep(self, world: &mut World, bot_id: i64) -> Result<Content, ApiError> {
        let (file_id, _) = keep(self.0, world, bot_id)?;
        let file = world.bots.get(&bot_id).and_then(|bot| bot.files.get(&file_id)).ok_or_else(wrong_file)?;
        Ok(Content::Document { file_id, file_name: file.name.clone(), mime_type: file.mime_type.clone() })
    }
}

fn keep(media: Media, world: &mut World, bot_id: i64) -> Result<(String, Vec<u8>), ApiError> {
    let bound = world.options.bounds.file_bytes;
    let files = &mut world.bots.get_mut(&bot_id).ok_or_else(ApiError::unauthorized)?.files;
    let file_id = match media {
        Media::New { file_name, mime_type, bytes } => files.keep(&file_name, &mime_type, bytes.to_vec(), bound),
        Media::Known { file_id } => file_id,
    };
    let bytes = files.get(&file_id).ok_or_else(wrong_file)?.bytes.clone();
    Ok((file_id, bytes))
}

fn wrong_file() -> ApiError {
    ApiError::violation("wrong file identifier/HTTP URL specified")
}

pub(crate) fn get_file(world: &World, bot_id: i64, params: &Params) -> Result<Value, ApiError> {
    let file_id = params.text("file_id").unwrap_or_default();
    let bot = world.bots.get(&bot_id).ok_or_else(ApiError::unauthorized)?;
    let file = bot.files.get(file_id).ok_or_else(|| ApiError::bad_request("invalid file_id"))?;
    let mut object = objects::file(bot, file_id);
    put(&mut object, "file_path", Some(format!("{}/{}", file.id, file.name)));
    Ok(object)
}

/// `/file/bot<token>/<file_path>`; clients may escape the slash inside the file's path.
pub(crate) fn serve_file(shared: &Shared, token: &str, path: &str) -> Response {
    let file_id = path.split(['/', '%']).next().unwrap_or_default();
    let file = shared.write(|world| {
        let bot_id = world.bot_of_token(token)?;
        world.bots.get(&bot_id)?.files.get(file_id).cloned()
    });
    match file {
        Some(file) => ([(header::CONTENT_TYPE, file.mime_type)], file.bytes).into_response(),
        None => ApiError::not_found().into_response(),
    }
}
