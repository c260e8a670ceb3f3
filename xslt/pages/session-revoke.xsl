<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /account/sessions/ID/revoke: asks before a session is ended; opens as a dialog. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'session-revoke']" mode="content">
	<xsl:call-template name="account-head"/>
	<div class="card small pad" data-popup="">
		<xsl:for-each select="t:revoke/t:session">
			<p><xsl:call-template name="account-agent"/></p>
			<xsl:choose>
				<xsl:when test="@current"><p>This is the one that you are using: you will have to log in again.</p></xsl:when>
				<xsl:otherwise><p>Whoever uses it is logged out with the next click.</p></xsl:otherwise>
			</xsl:choose>
		</xsl:for-each>
		<xsl:for-each select="t:form">
			<xsl:call-template name="form">
				<xsl:with-param name="button">danger</xsl:with-param>
				<xsl:with-param name="cancel">account</xsl:with-param>
			</xsl:call-template>
		</xsl:for-each>
	</div>
</xsl:template>
</xsl:stylesheet>
