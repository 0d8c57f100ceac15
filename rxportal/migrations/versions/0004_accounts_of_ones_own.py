"""Accounts that people make, prove, share and end by themselves."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import rxportal.models.base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


OWN = sa.text("level = 'self' AND revoked_at IS NULL")


def upgrade() -> None:
    """Add the tables; whoever has an account already had its address confirmed by the practice."""
    op.create_table('letter',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=True),
    sa.Column('to', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('subject', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('created_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('due_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('sent_at', rxportal.models.base.Instant(timezone=True), nullable=True),
    sa.Column('failed_because', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_letter_account_id'), 'letter', ['account_id'], unique=False)
    op.create_index(op.f('ix_letter_due_at'), 'letter', ['due_at'], unique=False)
    op.create_table('registration',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('email', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('password_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('provider', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('issuer', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('subject', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('token_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('browser_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('created_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('expires_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('used_at', rxportal.models.base.Instant(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token_hash')
    )
    op.create_index(op.f('ix_registration_email'), 'registration', ['email'], unique=False)
    op.create_table('account_link',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('use', sa.String(), nullable=False),
    sa.Column('email', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('token_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('created_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('expires_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('used_at', rxportal.models.base.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token_hash')
    )
    op.create_index(op.f('ix_account_link_account_id'), 'account_link', ['account_id'], unique=False)
    op.create_table('authenticator',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('secret', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('last_step', sa.Integer(), nullable=False),
    sa.Column('created_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('confirmed_at', rxportal.models.base.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('account_id')
    )
    op.create_table('half_sign_in',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('way', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('after', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('created_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('expires_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('used_at', rxportal.models.base.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token_hash')
    )
    op.create_index(op.f('ix_half_sign_in_account_id'), 'half_sign_in', ['account_id'], unique=False)
    op.create_table('identity',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('provider', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('issuer', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('subject', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('email', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('linked_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('used_at', rxportal.models.base.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('issuer', 'subject')
    )
    op.create_index(op.f('ix_identity_account_id'), 'identity', ['account_id'], unique=False)
    op.create_table('notice_choice',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('topic', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('email', sa.Boolean(), nullable=False),
    sa.Column('changed_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('account_id', 'topic')
    )
    op.create_index(op.f('ix_notice_choice_account_id'), 'notice_choice', ['account_id'], unique=False)
    op.create_table('passkey',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('credential_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('public_key', sa.Text(), nullable=False),
    sa.Column('sign_count', sa.Integer(), nullable=False),
    sa.Column('transports', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('created_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('used_at', rxportal.models.base.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('credential_id')
    )
    op.create_index(op.f('ix_passkey_account_id'), 'passkey', ['account_id'], unique=False)
    op.create_table('recovery_code',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('code_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('created_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('used_at', rxportal.models.base.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('code_hash')
    )
    op.create_index(op.f('ix_recovery_code_account_id'), 'recovery_code', ['account_id'], unique=False)
    op.create_table('court_order',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=True),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('email', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('since', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('until', rxportal.models.base.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['patient_id'], ['patient.id'], ),
    sa.ForeignKeyConstraint(['recorded_by'], ['staff.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_court_order_account_id'), 'court_order', ['account_id'], unique=False)
    op.create_index(op.f('ix_court_order_patient_id'), 'court_order', ['patient_id'], unique=False)
    op.create_table('outside_flow',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('provider', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('purpose', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('state_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('browser_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('nonce', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('verifier', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('session_id', sa.Uuid(), nullable=True),
    sa.Column('after', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('created_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('expires_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('used_at', rxportal.models.base.Instant(timezone=True), nullable=True),
    sa.Column('issuer', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""),
    sa.Column('subject', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""),
    sa.Column('email', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""),
    sa.Column('email_verified', sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""),
    sa.Column('settled_at', rxportal.models.base.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('state_hash')
    )
    op.create_index(op.f('ix_outside_flow_expires_at'), 'outside_flow', ['expires_at'], unique=False)
    op.create_table('passkey_challenge',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('challenge', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('purpose', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=True),
    sa.Column('session_id', sa.Uuid(), nullable=True),
    sa.Column('browser_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('expires_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('used_at', rxportal.models.base.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('challenge')
    )
    op.create_index(op.f('ix_passkey_challenge_expires_at'), 'passkey_challenge', ['expires_at'], unique=False)
    op.create_table('teen_choice',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('thing', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('shown', sa.Boolean(), nullable=False),
    sa.Column('changed_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['patient_id'], ['patient.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('patient_id', 'thing')
    )
    op.create_index(op.f('ix_teen_choice_patient_id'), 'teen_choice', ['patient_id'], unique=False)
    op.create_table('timing_choice',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('choice', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('changed_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['patient_id'], ['patient.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('patient_id', 'kind')
    )
    op.create_index(op.f('ix_timing_choice_patient_id'), 'timing_choice', ['patient_id'], unique=False)
    op.create_table('visit_code',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('code_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=True),
    sa.Column('created_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('expires_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('used_at', rxportal.models.base.Instant(timezone=True), nullable=True),
    sa.Column('used_by', sa.Uuid(), nullable=True),
    sa.Column('withdrawn_at', rxportal.models.base.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['made_by'], ['staff.id'], ),
    sa.ForeignKeyConstraint(['patient_id'], ['patient.id'], ),
    sa.ForeignKeyConstraint(['used_by'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('code_hash')
    )
    op.create_index(op.f('ix_visit_code_patient_id'), 'visit_code', ['patient_id'], unique=False)
    op.create_table('claim',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('practice_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('birth_date', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('postal_code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('phone', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('mrn', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('relationship', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('proof', sa.Text(), nullable=False),
    sa.Column('basis', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('conflict', sa.Boolean(), nullable=False),
    sa.Column('created_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('due_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('decided_at', rxportal.models.base.Instant(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('patient_id', sa.Uuid(), nullable=True),
    sa.Column('grant_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['decided_by'], ['staff.id'], ),
    sa.ForeignKeyConstraint(['grant_id'], ['chart_grant.id'], ),
    sa.ForeignKeyConstraint(['patient_id'], ['patient.id'], ),
    sa.ForeignKeyConstraint(['practice_id'], ['practice.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_claim_account_id'), 'claim', ['account_id'], unique=False)
    op.create_index(op.f('ix_claim_patient_id'), 'claim', ['patient_id'], unique=False)
    op.create_index(op.f('ix_claim_practice_id'), 'claim', ['practice_id'], unique=False)
    op.create_table('invitation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('invited_by', sa.Uuid(), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('email', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('relationship', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('level', sa.String(), nullable=False),
    sa.Column('sections', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('until', rxportal.models.base.Instant(timezone=True), nullable=True),
    sa.Column('token_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('passcode_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('passcode_tries', sa.Integer(), nullable=False),
    sa.Column('created_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('expires_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('accepted_at', rxportal.models.base.Instant(timezone=True), nullable=True),
    sa.Column('declined_at', rxportal.models.base.Instant(timezone=True), nullable=True),
    sa.Column('withdrawn_at', rxportal.models.base.Instant(timezone=True), nullable=True),
    sa.Column('grant_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['grant_id'], ['chart_grant.id'], ),
    sa.ForeignKeyConstraint(['invited_by'], ['account.id'], ),
    sa.ForeignKeyConstraint(['patient_id'], ['patient.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token_hash')
    )
    op.create_index(op.f('ix_invitation_email'), 'invitation', ['email'], unique=False)
    op.create_index(op.f('ix_invitation_patient_id'), 'invitation', ['patient_id'], unique=False)
    op.create_table('file_code',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('claim_id', sa.Uuid(), nullable=False),
    sa.Column('patient_id', sa.Uuid(), nullable=True),
    sa.Column('code_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('created_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('expires_at', rxportal.models.base.Instant(timezone=True), nullable=False),
    sa.Column('used_at', rxportal.models.base.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['claim_id'], ['claim.id'], ),
    sa.ForeignKeyConstraint(['patient_id'], ['patient.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_file_code_claim_id'), 'file_code', ['claim_id'], unique=False)
    op.add_column('account', sa.Column('email_confirmed_at', rxportal.models.base.Instant(timezone=True), nullable=True))
    op.add_column('account', sa.Column('password_long', sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column('account', sa.Column('removed_at', rxportal.models.base.Instant(timezone=True), nullable=True))
    op.add_column('account', sa.Column('called', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""))
    op.add_column('account', sa.Column('language', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="en"))
    op.add_column('account', sa.Column('text_size', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""))
    op.add_column('chart_grant', sa.Column('representative', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('chart_grant', sa.Column('papers', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""))
    op.add_column('mailbox_message', sa.Column('html', sa.Text(), nullable=False, server_default=""))
    op.add_column('patient', sa.Column('email', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""))
    op.add_column('patient', sa.Column('phone', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""))
    op.add_column('patient', sa.Column('postal_code', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""))
    op.add_column('session', sa.Column('fresh_at', rxportal.models.base.Instant(timezone=True), nullable=True))
    op.add_column('session', sa.Column('way', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""))
    op.execute("UPDATE account SET email_confirmed_at = created_at")
    for name, column in (("uq_own_chart", "account_id"), ("uq_owned_chart", "patient_id")):
        op.create_index(name, "chart_grant", [column], unique=True, sqlite_where=OWN, postgresql_where=OWN)


def downgrade() -> None:
    """Drop what was added."""
    op.drop_index("uq_owned_chart", "chart_grant")
    op.drop_index("uq_own_chart", "chart_grant")
    op.drop_column("session", "way")
    op.drop_column("session", "fresh_at")
    op.drop_column("patient", "postal_code")
    op.drop_column("patient", "phone")
    op.drop_column("patient", "email")
    op.drop_column("mailbox_message", "html")
    op.drop_column("chart_grant", "papers")
    op.drop_column("chart_grant", "representative")
    op.drop_column("account", "text_size")
    op.drop_column("account", "language")
    op.drop_column("account", "called")
    op.drop_column("account", "removed_at")
    op.drop_column("account", "password_long")
    op.drop_column("account", "email_confirmed_at")
    op.drop_table("file_code")
    op.drop_table("invitation")
    op.drop_table("claim")
    op.drop_table("visit_code")
    op.drop_table("timing_choice")
    op.drop_table("teen_choice")
    op.drop_table("passkey_challenge")
    op.drop_table("outside_flow")
    op.drop_table("court_order")
    op.drop_table("recovery_code")
    op.drop_table("passkey")
    op.drop_table("notice_choice")
    op.drop_table("identity")
    op.drop_table("half_sign_in")
    op.drop_table("authenticator")
    op.drop_table("account_link")
    op.drop_table("registration")
    op.drop_table("letter")
