"""Where notes come from: mails, chats, pages, exports of other programs."""
