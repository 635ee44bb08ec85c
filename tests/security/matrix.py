"""Who may open what, as data: a row for each route, and what each sort of route answers to whom."""

from __future__ import annotations

LOGIN = "login"  # sent to /login, and back afterwards
OK = "ok"  # anything but 401, 403, 404, 405, an error, or the way to /login
NONE = "404"  # as if it were not there
FORBIDDEN = {"401", "403"}

WHO = ("stranger", "guest", "other owner", "owner", "admin")  # a guest has begun a card and no account
ANSWERS: dict[str, tuple[frozenset[str], ...]] = {  # to each of WHO
    "everybody": (frozenset(),) * 5,  # what it shows is public, or its address is the secret: tested where it lives
    "with a token": (frozenset({NONE, *FORBIDDEN}),) * 5,
    "signed in": (frozenset({LOGIN}), frozenset({LOGIN}), frozenset(), frozenset(), frozenset()),
    "people and guests": (frozenset({LOGIN}), frozenset({OK}), frozenset({OK}), frozenset({OK}), frozenset({OK})),
    "owned": (frozenset({LOGIN, NONE}), frozenset({LOGIN, NONE}), frozenset({NONE}), frozenset({OK}), frozenset({NONE})),
    "admins": (frozenset({LOGIN, NONE}), frozenset({LOGIN, NONE}), frozenset({NONE}), frozenset({NONE}), frozenset({OK, NONE})),
}
ROWS = """
accounts.ask_to_confirm           everybody
accounts.change                   signed in
accounts.confirm                  everybody
accounts.delete                   signed in
accounts.end_other_sign_ins       signed in
accounts.end_sign_in              owned
accounts.list_passkeys            signed in
accounts.login                    everybody
accounts.logout                   everybody
accounts.mail_proof_link          signed in
accounts.new_email                signed in
accounts.new_email_by_link        everybody
accounts.new_passkey_question     signed in
accounts.passkey_question         everybody
accounts.prove                    signed in
accounts.prove_by_link            signed in
accounts.prove_by_passkey         signed in
accounts.register                 everybody
accounts.remove_passkey           owned
accounts.renew_recovery_codes     signed in
accounts.reset                    everybody
accounts.reset_by_link            everybody
accounts.second_factor_page       signed in
accounts.second_step              everybody
accounts.set_up_second_factor     signed in
accounts.show                     signed in
accounts.sign_in_by_link          everybody
accounts.sign_in_by_passkey       everybody
accounts.sign_ins                 signed in
accounts.switch_second_factor_off signed in
admin.audit_trail                 admins
admin.card                        admins
admin.delete_person               admins
admin.end_sign_ins                admins
admin.invitations                 admins
admin.jobs                        admins
admin.let_in                      admins
admin.letter                      admins
admin.list_cards                  admins
admin.list_people                 admins
admin.look_at_card                admins
admin.make_admin                  admins
admin.outbox                      admins
admin.overview                    admins
admin.person                      admins
admin.report                      admins
admin.reports                     admins
admin.restore                     admins
admin.send_again                  admins
admin.send_reset_link             admins
admin.settings_in_effect          admins
admin.settle_report               admins
admin.storage                     admins
admin.suspend                     admins
admin.take_down                   admins
admin.take_down_reported          admins
admin.try_again                   admins
admin.unmake_admin                admins
archive.bring                     signed in
archive.export                    signed in
archive.forget                    signed in
archive.take                      signed in
booking.appointment               owned
booking.arrange_types             owned
booking.begin                     owned
booking.blocked                   owned
booking.calendar                  owned
booking.calendars                 owned
booking.dates                     owned
booking.feed_file                 everybody
booking.hours                     owned
booking.move                      owned
booking.new_appointment           owned
booking.new_person                owned
booking.new_type                  owned
booking.people                    owned
booking.person                    owned
booking.remove_person             owned
booking.remove_type               owned
booking.search                    owned
booking.settings                  owned
booking.table                     owned
booking.times                     owned
booking.type_                     owned
booking.types                     owned
booking.waiting_list              owned
doctor.seen                       everybody
domains.answered                  owned
domains.check                     owned
domains.list_domains              signed in
domains.remove                    owned
domains.show                      owned
editor.add_code                   owned
editor.add_event                  owned
editor.answer_take_down           owned
editor.ask_for_file               owned
editor.ask_to_delete              owned
editor.autosave                   owned
editor.cards                      people and guests
editor.change_event               owned
editor.check_address              owned
editor.code                       owned
editor.code_file                  owned
editor.codes                      owned
editor.contact_code               owned
editor.contact_of_taken_down      owned
editor.create                     everybody
editor.crop                       owned
editor.cut                        owned
editor.delete                     owned
editor.duplicate                  owned
editor.edit                       owned
editor.embed                      owned
editor.events                     owned
editor.move_code                  owned
editor.original                   owned
editor.own_code                   owned
editor.pause                      owned
editor.pause_code                 owned
editor.pause_one                  owned
editor.phone                      owned
editor.point_code                 owned
editor.preview                    owned
editor.preview_code               owned
editor.print                      owned
editor.print_file                 owned
editor.publish                    owned
editor.publish_as                 owned
editor.published                  owned
editor.read_file                  owned
editor.recognise                  owned
editor.restore                    owned
editor.resume                     owned
editor.resume_code                owned
editor.retire_code                owned
editor.retire_one                 owned
editor.save                       owned
editor.save_code                  owned
editor.show_progress              owned
editor.start                      owned
editor.take                       owned
editor.take_all                   owned
editor.taken_down                 owned
editor.undelete                   owned
editor.upload                     owned
editor.version                    owned
editor.versions                   owned
gallery.add_files                 owned
gallery.add_video                 owned
gallery.album                     owned
gallery.albums                    owned
gallery.bring_back                owned
gallery.order                     owned
gallery.poster                    owned
gallery.remove                    owned
media.append                      owned
media.begin                       signed in
media.cancel                      owned
media.file                        owned
media.files                       signed in
media.status                      signed in
media.upload                      owned
operations.alive                  everybody
operations.metrics               with a token
operations.ready                  everybody
public.add_to_basket              everybody
public.album                      everybody
public.album_item                 everybody
public.appointment                everybody
public.appointment_file           everybody
public.basket                     everybody
public.book                       everybody
public.book_at                    everybody
public.book_time                  everybody
public.book_times                 everybody
public.cancel_appointment         everybody
public.cancel_order               everybody
public.card                       everybody
public.card_by_code               everybody
public.card_code                  everybody
public.change_basket              everybody
public.checkout                   everybody
public.choose_move                everybody
public.claim_paid                 everybody
public.code_pdf                   everybody
public.code_png                   everybody
public.code_svg                   everybody
public.contact                    everybody
public.contact_code               everybody
public.contact_code_pdf           everybody
public.contact_code_png           everybody
public.contact_code_svg           everybody
public.contact_in_json            everybody
public.domain_allowed             everybody
public.domain_proof               everybody
public.embed                      everybody
public.favicon                    everybody
public.gallery                    everybody
public.hold_up_worker             everybody
public.icon                       everybody
public.imprint                    everybody
public.is_waiting                 everybody
public.join_waiting               everybody
public.landing                    everybody
public.leave_waiting              everybody
public.manifest                   everybody
public.media_file                 everybody
public.move_appointment           everybody
public.order                      everybody
public.part_of_sitemap            everybody
public.picture                    everybody
public.place_order                everybody
public.preview_picture            everybody
public.printed_code               everybody
public.printed_pdf                everybody
public.printed_png                everybody
public.printed_svg                everybody
public.privacy                    everybody
public.product                    everybody
public.report                     everybody
public.robots                     everybody
public.send                       everybody
public.shop                       everybody
public.sitemap                    everybody
public.take_place                 everybody
public.wait_for_place             everybody
public.waiting_place              everybody
shop.answer_by_link               everybody
shop.answer_order                 owned
shop.arrange_categories           owned
shop.arrange_products             owned
shop.arrange_services             owned
shop.basics                       owned
shop.categories                   owned
shop.checkout                     owned
shop.delete_product               owned
shop.delete_service               owned
shop.delivery                     owned
shop.export_orders                owned
shop.export_products              owned
shop.hours                        owned
shop.import_products              owned
shop.message                      owned
shop.new_product                  owned
shop.new_service                  owned
shop.order                        owned
shop.orders                       owned
shop.orders_news                  owned
shop.pay                          owned
shop.pay_order                    owned
shop.product                      owned
shop.products                     owned
shop.service                      owned
shop.services                     owned
shop.settings                     owned
shop.take_products                owned
"""


def rows() -> dict[str, str]:
    """Return the sort of each route, by its endpoint."""
    return {line.split(maxsplit=1)[0]: line.split(maxsplit=1)[1] for line in ROWS.strip().splitlines()}
