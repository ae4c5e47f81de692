"""Reads notes from their sources: mails, chats, pages, exports of other programs."""
