<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/ID/users/UID/delete: asks before a user is deleted. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'user-delete']" mode="content">
	<xsl:for-each select="t:customer"><xsl:call-template name="popup-head"/></xsl:for-each>
	<div class="card small pad" data-popup="">
		<p><bdi><xsl:value-of select="t:user/@name"/></bdi> (<bdi><xsl:value-of select="t:user/@email"/></bdi>) is logged out at once and cannot log in any more. What the user did stays in Activity.</p>
		<xsl:for-each select="t:form">
			<xsl:call-template name="form">
				<xsl:with-param name="button">danger</xsl:with-param>
				<xsl:with-param name="cancel" select="concat('customers/', /t:page/t:customer/@id, '/users/', /t:page/t:user/@id)"/>
				<xsl:with-param name="cancel-label">Back</xsl:with-param>
			</xsl:call-template>
		</xsl:for-each>
	</div>
</xsl:template>
</xsl:stylesheet>
