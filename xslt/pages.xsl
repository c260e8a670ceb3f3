<?xml version="1.0" encoding="UTF-8"?>
<!-- All pages as one stylesheet: the frame and what they share are compiled once, and kept once. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">
<xsl:include href="page.xsl"/>
<xsl:include href="lib/cells.xsl"/>
<xsl:include href="lib/contract.xsl"/>
<xsl:include href="lib/contracts.xsl"/>
<xsl:include href="lib/customer.xsl"/>
<xsl:include href="lib/form.xsl"/>
<xsl:include href="lib/view.xsl"/>
<xsl:include href="pages/account-otp.xsl"/>
<xsl:include href="pages/account.xsl"/>
<xsl:include href="pages/activity.xsl"/>
<xsl:include href="pages/contract-activate.xsl"/>
<xsl:include href="pages/contract-cancel.xsl"/>
<xsl:include href="pages/contract-new.xsl"/>
<xsl:include href="pages/contract.xsl"/>
<xsl:include href="pages/contracts-of.xsl"/>
<xsl:include href="pages/contracts-summary.xsl"/>
<xsl:include href="pages/contracts.xsl"/>
<xsl:include href="pages/customer-admin.xsl"/>
<xsl:include href="pages/customer-new.xsl"/>
<xsl:include href="pages/customer.xsl"/>
<xsl:include href="pages/customers.xsl"/>
<xsl:include href="pages/delete.xsl"/>
<xsl:include href="pages/deleted.xsl"/>
<xsl:include href="pages/error.xsl"/>
<xsl:include href="pages/forgot.xsl"/>
<xsl:include href="pages/health.xsl"/>
<xsl:include href="pages/invite.xsl"/>
<xsl:include href="pages/login.xsl"/>
<xsl:include href="pages/move.xsl"/>
<xsl:include href="pages/onboarding.xsl"/>
<xsl:include href="pages/reset.xsl"/>
<xsl:include href="pages/session-revoke.xsl"/>
<xsl:include href="pages/sessions-revoke.xsl"/>
<xsl:include href="pages/source-disconnect.xsl"/>
<xsl:include href="pages/source.xsl"/>
<xsl:include href="pages/sources.xsl"/>
<xsl:include href="pages/suspend.xsl"/>
<xsl:include href="pages/switch.xsl"/>
<xsl:include href="pages/token-revoke.xsl"/>
<xsl:include href="pages/tokens.xsl"/>
<xsl:include href="pages/user-cancel.xsl"/>
<xsl:include href="pages/user-delete.xsl"/>
<xsl:include href="pages/user.xsl"/>
<xsl:include href="pages/users.xsl"/>
</xsl:stylesheet>
