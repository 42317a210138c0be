# Reduces the machine-readable Bot API (shape of PaulSonOfLars/telegram-bot-api-spec `api.json`) to what the simulator checks:
#   jq --sort-keys --from-file bot-api.jq telegram-bot-api.json > bot-api.json
# The full document is MIT: (c) 2017 - present Alex Root Junior (aiogram), (c) 2020 Paul Larsen.
def methods: [
  "answerCallbackQuery", "deleteMessage", "deleteMyCommands", "deleteWebhook", "editMessageCaption", "editMessageReplyMarkup",
  "editMessageText", "getChat", "getChatMenuButton", "getFile", "getMe", "getMyCommands", "getMyDescription", "getMyName",
  "getMyShortDescription", "getUpdates", "getWebhookInfo", "sendChatAction", "sendDocument", "sendMessage", "sendPhoto",
  "setChatMenuButton", "setMyCommands", "setMyDescription", "setMyName", "setMyShortDescription", "setWebhook"];
def types: [
  "BotCommand", "BotCommandScope", "BotCommandScopeAllChatAdministrators", "BotCommandScopeAllGroupChats",
  "BotCommandScopeAllPrivateChats", "BotCommandScopeChat", "BotCommandScopeChatAdministrators", "BotCommandScopeChatMember",
  "BotCommandScopeDefault", "CopyTextButton", "ForceReply", "InlineKeyboardButton", "InlineKeyboardMarkup", "KeyboardButton",
  "LinkPreviewOptions", "MenuButton", "MenuButtonCommands", "MenuButtonDefault", "MenuButtonWebApp", "MessageEntity",
  "ReplyKeyboardMarkup", "ReplyKeyboardRemove", "ReplyParameters", "WebAppInfo"];
def fields: map({key: .name, value: ({types, required} + (if .constraints then {constraints} else {} end))}) | from_entries;

. as $all | {
  version,
  methods: (methods | map({key: ., value: ($all.methods[.].fields // [] | fields)}) | from_entries),
  types: (types | map(select($all.types[.].subtypes == null)) | map({key: ., value: ($all.types[.].fields // [] | fields)}) | from_entries),
  unions: (types | map(select($all.types[.].subtypes != null)) | map({key: ., value: $all.types[.].subtypes}) | from_entries)
}
