<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /contracts/CID/cancel: asks for the reason before a contract is cancelled; opens as a dialog. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'contract-cancel']" mode="content">
	<xsl:for-each select="t:contract">
		<xsl:call-template name="contract-ask-head"/>
		<div class="card small pad" data-popup="">
			<p><xsl:choose>
				<xsl:when test="@status = 'draft'">The draft is put aside for good; the customer has not seen it and will not.</xsl:when>
				<xsl:when test="@status = 'scheduled'">It will not come into force.</xsl:when>
				<xsl:otherwise>It is no longer in force from this moment on.</xsl:otherwise>
			</xsl:choose> This cannot be undone.</p>
			<xsl:for-each select="/t:page/t:form">
				<xsl:call-template name="form">
					<xsl:with-param name="button">danger</xsl:with-param>
					<xsl:with-param name="cancel" select="concat('contracts/', /t:page/t:contract/@id)"/>
					<xsl:with-param name="cancel-label">Back</xsl:with-param>
				</xsl:call-template>
			</xsl:for-each>
		</div>
	</xsl:for-each>
</xsl:template>
</xsl:stylesheet>
