<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /account/sessions/revoke: asks before all other sessions are ended; opens as a dialog. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'sessions-revoke']" mode="content">
	<xsl:call-template name="account-head"/>
	<div class="card small pad" data-popup="">
		<p>Every other browser in which you are logged in is logged out with its next click. This one stays.</p>
		<xsl:for-each select="t:form">
			<xsl:call-template name="form">
				<xsl:with-param name="button">danger</xsl:with-param>
				<xsl:with-param name="cancel">account</xsl:with-param>
			</xsl:call-template>
		</xsl:for-each>
	</div>
</xsl:template>
</xsl:stylesheet>
